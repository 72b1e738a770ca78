"""Which thing a name means: the one measure behind reconciliation and suggestions.

A name is compared word by word with all names of all entities, in any script: rare words count more than common ones,
and a misspelt or inflected word counts for most of itself. Abbreviations of names are names too, and a country that is
mentioned beside a name must be that of the entity.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain

from pyoxigraph import Store

from kg.search.folding import fold
from web.matching.entities import Entity, read_entities
from web.matching.words import CountryWords, Form, Vocabulary, forms_of, significant
from web.memo import Kind
from web.snapshot import Snapshot

__all__ = ["Entity", "Match", "Matcher", "matcher_of"]

MAX_WORDS = 16
"""How many words of a name are compared; that it is the very name is found by all of them."""
CERTAIN = ((0.88, 0.05), (0.8, 0.2))
"""From which score on a match is certain, and how far the next one must be behind."""
MIN_SCORE = 0.3
_OTHER_COUNTRY, _NO_COUNTRY = 0.7, 0.9
"""What is left of the score where the name mentions a country that is not, or may not be, that of the entity."""
_IN_QUERY = 0.6
"""How much it counts that the words given are in the name, against that those of the name are given."""


@dataclass(frozen=True)
class Match:
    """An entity that a name may mean.

    :param score: from 0 to 1
    :param name: the name of it that fits best
    :param certain: whether it is the only one that fits so well
    """

    entity: Entity
    score: float
    name: str
    certain: bool = False


class Matcher:
    """All names of the entities of a snapshot."""

    def __init__(self, store: Store) -> None:
        self.entities: dict[str, Entity] = {entity.id: entity for entity in read_entities(store)}
        self.countries = CountryWords(self.entities.values())
        forms = chain.from_iterable(forms_of(entity, self.countries) for entity in self.entities.values())
        self.vocabulary = Vocabulary(tuple(forms))

    def match(self, text: str, classes: Sequence[str] = (), limit: int = 10) -> list[Match]:
        """The entities that a text may mean, the best first.

        :param classes: local names of classes, of which an entity must have one
        """
        wanted, text = set(classes), text.strip()
        best: dict[str, Match] = {}
        for form, score in self._scored(text):
            known = best.get(form.entity.id)
            if (known is None or known.score < score) and (not wanted or wanted & form.entity.classes):
                best[form.entity.id] = Match(form.entity, score, form.name)
        if (exact := self.entities.get(text.removeprefix("id:"))) and (not wanted or wanted & exact.classes):
            best[exact.id] = Match(exact, 1.0, exact.names[0].text)
        first = nlargest(max(limit, 2), best.values(), key=_rank)
        return [_decided(match, first) for match in first[:limit]]

    def complete(self, prefix: str, limit: int) -> list[Match]:
        """The entities with a name that begins so, then those that the text may mean; the best first."""
        start = " ".join(fold(prefix))
        matches = {
            form.entity.id: Match(form.entity, 1.0, form.name)
            for form in self.vocabulary.forms_beginning(start)
            if start
        }
        if exact := self.entities.get(prefix.strip().removeprefix("id:")):
            matches = {exact.id: Match(exact, 1.0, exact.names[0].text)} | matches
        first = sorted(
            matches.values(),
            key=lambda match: (match.entity is not exact, -match.entity.weight, len(match.name), match.entity.id),
        )
        return [*first, *(match for match in self.match(prefix, (), limit) if match.entity.id not in matches)][:limit]

    def _scored(self, text: str) -> Iterator[tuple[Form, float]]:
        folded = fold(text)
        given = folded[:MAX_WORDS]
        words, countries = self.countries.split(significant(given) or given)
        if not words:  # the name of a country itself
            words, countries = significant(given) or given, frozenset()
        similar = [self.vocabulary.similar(word) for word in dict.fromkeys(words)]
        weights = [self.vocabulary.weight(word) for word in dict.fromkeys(words)]
        spelling = " ".join(folded)
        for form in self.vocabulary.forms_with(chain.from_iterable(similar)):
            score = form.factor if form.spelling == spelling else self._score(form, similar, weights)
            score *= _country_factor(form, countries)
            if score >= MIN_SCORE:
                yield form, score

    def _score(self, form: Form, similar: Sequence[Mapping[str, float]], weights: Sequence[float]) -> float:
        """How well the words given and those of a form cover each other, each weighted by how rare it is."""
        given = sum(
            weight * max((likeness.get(word, 0.0) for word in form.words), default=0.0)
            for likeness, weight in zip(similar, weights, strict=True)
        )
        rarity = [self.vocabulary.weight(word) for word in form.words]
        named = sum(
            weight * max(likeness.get(word, 0.0) for likeness in similar)
            for word, weight in zip(form.words, rarity, strict=True)
        )
        covered = _IN_QUERY * given / sum(weights) + (1 - _IN_QUERY) * named / sum(rarity)
        return min(covered * form.factor, 0.99)  # only the very name has 1


def _country_factor(form: Form, mentioned: frozenset[str]) -> float:
    if not mentioned or mentioned & form.countries:
        return 1.0
    return _OTHER_COUNTRY if form.countries else _NO_COUNTRY


def _rank(match: Match) -> tuple[float, float, str]:
    return round(match.score, 3), match.entity.weight, match.entity.id


def _decided(match: Match, best: Sequence[Match]) -> Match:
    others = [other.score for other in best if other.entity.id != match.entity.id]
    ahead = match.score - max(others, default=0.0)
    certain = any(match.score >= score and ahead >= lead for score, lead in CERTAIN)
    return Match(match.entity, match.score, match.name, certain)


_MATCHER: Kind[Matcher] = Kind("names of entities")


def matcher_of(snapshot: Snapshot) -> Matcher:
    """The matcher of a snapshot, made once."""
    return snapshot.memo.get(_MATCHER, None, lambda: Matcher(snapshot.store))
