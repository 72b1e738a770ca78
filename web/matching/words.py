"""The words of names, and of all names together: how rare each is, which are alike, and which names have them."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from kg.search.folding import fold
from web.matching.entities import Entity

_WORD = re.compile(r"[^\W\d_]+")
fold_word = lru_cache(maxsize=50_000)(fold)
"""A word normalised; names share most of their words."""
_STOP_TEXT = """
of the and for in on at to a an with by or its from
и по в во на при для о об от с со к из
va bilan boyicha togrisida haqida учун ва бўйича тўғрисида
және мен туралы жана жөнүндө боюнча дар бораи барои ва аз
republic respublikasi respublikasining республика республики республике республикасы республикасынын республикасының
ҷумҳурии
"""
STOP_WORDS = frozenset(fold(_STOP_TEXT))
"""Words of seven languages, normalised, that tell no name from another."""
_MINISTRY = ("министер", "ministry", "ministerstv")
_STAN = re.compile("i?st[ao]n$")
_ABBREVIATED, _IDENTIFIER, _PUBLISHER = 0.97, 0.9, 0.89
"""How much an abbreviation or an identifier counts against a name in full, and a publisher against a body."""
_MIN_ACRONYM = 3
_NEVER_ABBREVIATED = frozenset({"Person", "Post", "Provision", "Publisher"})


@dataclass(frozen=True)
class Form:
    """One way to name an entity.

    :param name: the name it comes from, as it is written
    :param words: the normalised words that count
    :param spelling: the whole name normalised
    :param factor: how much it counts against a name in full
    """

    entity: Entity
    name: str
    words: tuple[str, ...]
    spelling: str
    factor: float = 1.0

    @property
    def countries(self) -> frozenset[str]:
        """The countries of the entity."""
        return self.entity.countries


def significant(words: Sequence[str]) -> list[str]:
    """The words that tell a name from others: no stop word, and no initial."""
    return [word for word in words if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())]


class CountryWords:
    """Which country a normalised word names: as such, inflected, or as an adjective.

    :param entities: all entities; the countries among them are taken
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._names = {
            word: entity.id
            for entity in entities
            if entity.kind == "Country"
            for name in entity.names
            for word in significant(fold(name.text))
            if len(word) > 3
        }
        self._stems = [(name, _STAN.sub("", name), country) for name, country in self._names.items()]
        self.of = lru_cache(maxsize=50_000)(self._of)

    def split(self, words: Sequence[str]) -> tuple[list[str], frozenset[str]]:
        """The words that name no country, and the countries that the others name."""
        return [word for word in words if not self.of(word)], frozenset(filter(None, map(self.of, words)))

    def _of(self, word: str) -> str:
        if word in self._names:
            return self._names[word]
        for name, stem, country in self._stems:
            is_inflected = len(name) > 5 and word.startswith(name[:-1]) and len(word) <= len(name) + 4
            is_adjective = stem != name and word.startswith(stem) and len(word) <= len(stem) + 5
            if is_inflected or is_adjective:
                return country
        return ""


def forms_of(entity: Entity, countries: CountryWords) -> Iterator[Form]:
    """Every way to name an entity: its names, their abbreviations, its identifier."""
    for name in entity.names:
        folded = fold(name.text)
        words = _without_countries(significant(folded) or folded, entity, countries)
        factor = _PUBLISHER if entity.kind == "Publisher" else 1.0
        yield Form(entity, name.text, tuple(words), " ".join(folded), factor)
        for short in () if entity.kind in _NEVER_ABBREVIATED else _abbreviations(name.text, countries):
            yield Form(entity, name.text, (short,), short, _ABBREVIATED)
    folded = fold(entity.id)
    words = _without_countries(significant(folded) or folded, entity, countries)
    own = [word for word in words if word not in entity.countries] or words
    yield Form(entity, entity.names[0].text, tuple(own), " ".join(folded), _IDENTIFIER)


def _without_countries(words: list[str], entity: Entity, countries: CountryWords) -> list[str]:
    """The words of a name without the country of the entity, unless nothing is left."""
    if entity.kind == "Country":
        return words
    rest = [word for word in words if countries.of(word) not in entity.countries]
    return rest or words


def _abbreviations(name: str, countries: CountryWords) -> Iterator[str]:
    """The initials of a name, with and without its country; ``Минцифры`` for a ministry."""
    words = [word for word in _WORD.findall(name) if not set(fold_word(word)) <= STOP_WORDS]
    local = [word for word in words if not any(countries.of(part) for part in fold_word(word))]
    keys = set()
    for chosen in (words, local):
        letters = fold("".join(word[0] for word in chosen))
        if len(chosen) >= _MIN_ACRONYM and len(letters) == 1:
            keys.add(letters[0])
    if len(local) > 1 and local[0].lower().startswith(_MINISTRY):
        short, second = fold(local[0])[0][:3], fold(local[1])
        keys |= {short + second[0][:4], short + second[0]} if second else set()
    yield from sorted(keys)


_CUTOFF = 0.85
"""Jaro-Winkler similarity from which on two words may be the same."""
_MIN_FUZZY = 4
"""Letters below which a word is only like itself."""
_MOST_LIKE, _LEAST_LIKE = 0.95, 0.5
"""What a word counts that is nearly the same, and one that is just like enough."""
Likeness = MappingProxyType[str, float]


class Vocabulary:
    """The words of forms."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = forms
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, form in enumerate(forms):
            for word in set(form.words):
                self._having[word].append(number)
        self._fuzzy = [word for word in self._having if len(word) >= _MIN_FUZZY and not word.isdigit()]
        self._rarest = math.log(1 + len(forms))
        self._weights = {word: math.log(1 + len(forms) / len(having)) for word, having in self._having.items()}
        self.similar = lru_cache(maxsize=5000)(self._similar)

    def weight(self, word: str) -> float:
        """How much a word tells: the more, the rarer it is."""
        return self._weights.get(word, self._rarest)

    def _similar(self, word: str) -> Likeness:
        """The words that are like a word, each with how much it counts; a word without any has itself."""
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler

        likeness = {}
        if len(word) >= _MIN_FUZZY and not word.isdigit():
            ranked = process.extract(
                word, self._fuzzy, scorer=JaroWinkler.normalized_similarity, score_cutoff=_CUTOFF, limit=None
            )
            step = (_MOST_LIKE - _LEAST_LIKE) / (1 - _CUTOFF)
            likeness = {other: _LEAST_LIKE + (score - _CUTOFF) * step for other, score, _ in ranked}
        return MappingProxyType(likeness | {word: 1.0})

    def forms_with(self, words: Iterable[str]) -> Iterator[Form]:
        """The forms that have any of these words."""
        numbers = {number for word in set(words) for number in self._having.get(word, ())}
        return (self._forms[number] for number in sorted(numbers))

    def forms_beginning(self, start: str) -> Iterator[Form]:
        """The forms whose spelling, or whose identifier, begins with a text."""
        return (form for form in self._forms if form.spelling.startswith(start))
