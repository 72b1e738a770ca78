"""The derived first and last day of every date, so that queries compare ``xsd:date`` alone.

Engines disagree on whether the year 2024 is less than a day of 2025; all agree on two days.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, Triple

from kg.dates import OPEN_END, OPEN_START
from kg.terms import XSD
from kg.values import date_bounds
from kg.vocabulary import Vocabulary


def add_date_bounds(triples: Iterable[Triple], vocabulary: Vocabulary) -> list[Triple]:
    """The triples of first and last days that the dates among ``triples`` give, sorted, each once.

    An open end gives none: what is not known to have begun has no first day.

    :param vocabulary: links a property to that of its first and its last day
    """
    return sorted({bound for triple in triples for bound in _bounds_of(triple, vocabulary)}, key=str)


def _bounds_of(triple: Triple, vocabulary: Vocabulary) -> Iterator[Triple]:
    property_ = vocabulary.properties.get(triple.predicate)
    if property_ is None or not (property_.earliest or property_.latest):
        return
    span = date_bounds(triple.object)
    if span is None:
        return
    for derived, day, unknown in ((property_.earliest, span[0], OPEN_START), (property_.latest, span[1], OPEN_END)):
        if derived and day != unknown:
            yield Triple(triple.subject, derived, Literal(day.isoformat(), datatype=XSD.date))
