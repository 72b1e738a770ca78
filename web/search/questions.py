"""The canned queries that a search may mean, with the parameters that its words give: ``overdue uzbekistan`` is the
query ``overdue`` with the country filled in."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.graph import labels
from kg.namespaces import local_name
from kg.query import CannedQuery, Parameter
from kg.search.stems import with_stems
from web.memo import Kind
from web.search.ranking import Word, words_of
from web.snapshot import Snapshot

Forms = frozenset[str]
"""A word with its stem."""
MAX_OFFERS = 3
MIN_COVERED = 0.6
"""The part of the other words that the text of a query must have."""
_IN_TITLE, _IN_DESCRIPTION = 1.0, 0.5
_PER_PARAMETER = 0.4
_MIN_BEGINNING = 3
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Offer:
    """A canned query that may answer a search.

    :param given: its parameters, as an address names them
    """

    query: CannedQuery
    given: Mapping[str, str]
    score: float


class _Phrase(NamedTuple):
    """A name of an allowed value of a parameter."""

    words: tuple[Forms, ...]
    value: str


class _Entry(NamedTuple):
    """What the words of a search are compared with."""

    query: CannedQuery
    title: Forms
    description: Forms
    phrases: Mapping[str, Sequence[_Phrase]]


_ENTRIES: Kind[list[_Entry]] = Kind("canned queries by their words")


def offers(snapshot: Snapshot, text: str) -> list[Offer]:
    """The canned queries that a search may mean, the likeliest first; at most ``MAX_OFFERS``."""
    words = words_of(text)
    if not words:
        return []
    entries = snapshot.memo.get(_ENTRIES, None, lambda: list(_entries(snapshot)))
    matching = [offer for entry in entries if (offer := _offer(entry, words))]
    return sorted(matching, key=lambda offer: (-offer.score, offer.query.slug))[:MAX_OFFERS]


def _offer(entry: _Entry, words: Sequence[Word]) -> Offer | None:
    """The query with what the words give; ``None`` where it has too little to do with them."""
    given: dict[str, str] = {}
    rest = list(words)
    for parameter in entry.query.parameters:
        if phrase := _longest(entry.phrases.get(parameter.name, ()), rest):
            given[parameter.name] = phrase.value
            start = _place(phrase, rest)
            del rest[start : start + len(phrase.words)]
    for year in [word for word in rest if _YEAR.fullmatch(word.folded)]:
        if values := _of_year(entry.query, year.folded):
            given |= values
            rest.remove(year)
    matches = [max(_IN_TITLE * _in(w, entry.title), _IN_DESCRIPTION * _in(w, entry.description)) for w in rest]
    if not rest:  # all words are values: "ministries kyrgyzstan"
        return Offer(entry.query, given, _PER_PARAMETER * (len(given) + 1)) if len(given) > 1 else None
    covered = sum(match > 0 for match in matches) / len(rest)
    if covered < MIN_COVERED:
        return None
    return Offer(entry.query, given, sum(matches) / len(rest) * covered + _PER_PARAMETER * len(given))


def _longest(phrases: Sequence[_Phrase], words: Sequence[Word]) -> _Phrase | None:
    fitting = [phrase for phrase in phrases if _place(phrase, words) >= 0]
    return max(fitting, key=lambda phrase: len(phrase.words), default=None)


def _place(phrase: _Phrase, words: Sequence[Word]) -> int:
    """Where the words of a phrase follow each other; -1 where they do not."""
    for start in range(len(words) - len(phrase.words) + 1):
        if all(_begins(word, forms) for word, forms in zip(words[start:], phrase.words, strict=False)):
            return start
    return -1


def _in(word: Word, forms: Forms) -> bool:
    return word.folded in forms or word.stem in forms


def _begins(word: Word, forms: Forms) -> bool:
    """Whether it is a word of a name, or its beginning while it is typed."""
    return _in(word, forms) or (
        len(word.folded) >= _MIN_BEGINNING and any(form.startswith(word.folded) for form in forms)
    )


def _of_year(query: CannedQuery, year: str) -> dict[str, str]:
    """The dates that mean a year: from its first to its last day, else its last day."""
    dates = {parameter.name for parameter in query.parameters if parameter.kind == "date"}
    if {"from", "to"} <= dates:
        return {"from": f"{year}-01-01", "to": f"{year}-12-31"}
    is_over = int(year) < datetime.date.today().year
    return {"asOf": f"{year}-12-31"} if "asOf" in dates and is_over else {}


def _entries(snapshot: Snapshot) -> Iterator[_Entry]:
    phrases: dict[tuple[object, ...], tuple[_Phrase, ...]] = {}
    for query in snapshot.queries.values():
        of_query = {}
        for parameter in filter(_is_listed, query.parameters):
            key = (parameter.choices_from, parameter.scheme, parameter.choices)
            if key not in phrases:
                phrases[key] = tuple(_phrases(snapshot, parameter))
            of_query[parameter.name] = phrases[key]
        title = frozenset(with_stems(" ".join([query.slug, *query.summaries.values()])))
        yield _Entry(query, title, frozenset(with_stems(query.description)), of_query)


def _is_listed(parameter: Parameter) -> bool:
    """Whether its values are few enough to be recognised among the words of a search."""
    return bool(parameter.choices_from or parameter.choices or parameter.kind == "concept")


def _phrases(snapshot: Snapshot, parameter: Parameter) -> Iterator[_Phrase]:
    """Every name of every allowed value, in all languages, and its local name without the scheme."""
    for iri in snapshot.choices(parameter):
        value = local_name(iri)
        own = value.partition("-")[2].replace("-", " ") or value
        for name in {own, *labels(snapshot.store, NamedNode(iri)).values()}:
            words = tuple(frozenset((word.folded, word.stem)) - {""} for word in words_of(name))
            if words:
                yield _Phrase(words, value)
