"""What is searched for and what is found, and how well a thing fits the words of a search."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kg.namespaces import PREFIXES
from kg.search.folding import fold
from kg.search.kinds import WEIGHTS
from kg.search.stems import word_forms, written_words


@dataclass(frozen=True)
class Filter:
    """What a search is narrowed to; what is empty narrows nothing.

    :param kinds: of ``GROUPS``
    :param countries: codes of covered countries; one of them is enough
    :param first_year: something happened in this year or later
    :param last_year: something happened in this year or earlier
    :param names_only: only names and identifiers are searched, not what is said of things
    """

    kinds: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    first_year: int | None = None
    last_year: int | None = None
    names_only: bool = False

    def values(self) -> dict[str, str | int | None]:
        """What is bound in ``match.sql`` and ``exact.sql``."""
        has_years = self.first_year is not None or self.last_year is not None
        return {
            "kinds": json.dumps(sorted(self.kinds)) if self.kinds else None,
            "countries": json.dumps(sorted(self.countries)) if self.countries else None,
            "first_year": (self.first_year or 0) if has_years else None,
            "last_year": 9999 if self.last_year is None else self.last_year,
        }


@dataclass(frozen=True)
class Hit:
    """A search result.

    :param group: its kind, one of ``GROUPS``
    :param name: the name that matches best
    :param text: what is said of it, where that has half of the words at least; else empty
    :param exact: whether its name, identifier, number or IRI is what was searched for
    """

    iri: str
    group: str
    name: str
    language: str
    score: float
    text: str = ""
    text_language: str = ""
    countries: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    exact: bool = False


@dataclass(frozen=True)
class Results:
    """What a search found.

    :param hits: the best first, narrowed
    :param kinds: how many there are of each kind, whatever the search is narrowed to; the same for the others
    :param corrected: for each word that no word begins with, those that it may mean
    :param unknown: the words that nothing has, as they were written
    :param not_searched: the words after the first ``MAX_WORDS`` that tell something, as they were written
    """

    hits: tuple[Hit, ...] = ()
    kinds: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    not_searched: tuple[str, ...] = ()


MIN_COVERED = 0.5
"""The part of the words that a thing must have, and of which a text about it is shown."""
MAX_WORDS = 12
"""How many words of a search are looked for."""
_EXACT_RELEVANCE = 10.0
_SHORT, _MINISTRY = "min", "ministerst"
"""How the short name of a ministry begins in Russian (``Минцифры``), and how the full one does."""
_OTHER_STATES = 0.6
"""What belongs to the covered countries comes before what belongs to none."""
_COMMON = frozenset(
    fold(
        "a an and are at by did does for from how in is it of on or the to was were what when where which who whose "
        "with и в на по о об для с к от до из за кто что когда где как va bilan uchun men jane"
    )
)
"""Words of a question that say nothing of what is looked for, normalised."""


@dataclass(frozen=True)
class Word:
    """A normalised word of a search with its stem and the words it may mean if it is misspelt."""

    folded: str
    stem: str = ""
    near: tuple[str, ...] = ()
    written: str = field(default="", compare=False)

    @property
    def forms(self) -> tuple[str, ...]:
        return (self.folded, *([self.stem] if self.stem else ()), *self.near)

    def clause(self) -> str:
        """What FTS5 is asked; words consist of letters and digits only."""
        forms = [f'"{self.folded}"{self.open_end}', *(f'"{form}"' for form in self.forms[1:])]
        if self.ministry:
            forms.append(f'("{_MINISTRY}" * AND "{self.ministry}" *)')
        return f"({' OR '.join(forms)})"

    @property
    def open_end(self) -> str:
        """What lets longer words begin with this one; a single letter begins too many to say anything."""
        return " *" if len(self.folded) > 1 else ""

    @property
    def ministry(self) -> str:
        """Of the short name of a ministry, what it is the ministry of; empty for any other word."""
        word = self.stem or self.folded
        is_short_name = word.startswith(_SHORT) and not word.startswith(_SHORT + "ist")
        return word[len(_SHORT) :] if is_short_name and len(word) > len(_SHORT) + 2 else ""

    def fits(self, words: frozenset[str]) -> float:
        """1 where the word is among some, less where one only begins like it."""
        if any(form in words for form in self.forms):
            return 1.0
        if self.ministry and all(any(w.startswith(part) for w in words) for part in (_MINISTRY, self.ministry)):
            return 0.9
        begun = bool(self.open_end) and any(word.startswith(self.folded[:4]) for word in words)
        return 0.6 if begun else 0.0


def words_of(text: str) -> list[Word]:
    """The words to look for: the first ``MAX_WORDS`` that tell something."""
    return telling_words(text)[:MAX_WORDS]


def telling_words(text: str) -> list[Word]:
    """All words without the small ones of a question, unless there are no others."""
    words = [word for match in written_words(text) for word in _forms(match[0])]
    telling = [word for word in words if word.folded not in _COMMON] or words
    return list(dict.fromkeys(telling))


def _forms(written: str) -> list[Word]:
    folded, stem = word_forms(written)
    if stem:
        return [Word(folded[0], stem, written=written)]
    return [Word(word, written=written) for word in folded]


def hit(row: Sequence[Any], words: Sequence[Word], relevance: float = _EXACT_RELEVANCE, exact: bool = False) -> Hit:
    """The result that a row of the index is; its score is 0 where less than half of the words fit.

    :param row: as ``match.sql`` reads it
    :param relevance: by the frequencies of the words
    :param exact: whether the search names the thing and nothing else
    """
    iri, kind, countries, years, names, folded, bodies, body_words = row[:8]
    names, folded, bodies = json.loads(names), json.loads(folded), json.loads(bodies)
    body = frozenset(body_words.split())
    name_fits = [_fit(parts.split(), words) for parts in folded] if kind != "passage" else [0.0]
    best = max(range(len(names)), key=lambda i: (name_fits[i], -i)) if names and kind != "passage" else 0
    in_name, in_body = max(name_fits, default=0.0), _coverage(body, words)
    covered = max(min(1.0, in_name), in_body, _coverage(body.union(*(parts.split() for parts in folded)), words))
    name, language = names[best] if names else ("", "")
    text, text_language = bodies[0] if bodies and in_body >= MIN_COVERED else ("", "")
    if text and len(bodies) > 1:
        text, text_language = max(bodies, key=lambda body: _coverage(frozenset(fold(body[0])), words))
    score = relevance * WEIGHTS[kind] * covered**2 * (in_name + in_body / 2) if covered >= MIN_COVERED else 0.0
    if iri.startswith(PREFIXES["id"] + "int-"):
        score *= _OTHER_STATES
    marks = tuple(json.loads(countries)), tuple(json.loads(years))
    return Hit(iri, kind, name, language, score, text, text_language, *marks, exact)


def _fit(parts: Sequence[str], words: Sequence[Word]) -> float:
    """How well a name fits: the proportion of the words that are in it, then how little else is."""
    coverage = _coverage(frozenset(parts), words)
    return coverage + 1 / (2 + len(parts)) if coverage else 0.0


def _coverage(parts: frozenset[str], words: Sequence[Word]) -> float:
    return sum(word.fits(parts) for word in words) / len(words)
