"""When two values say the same: equal numbers, and dates of which one refines the other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.dates import DATATYPES, OPEN_END, OPEN_START, Bounds, bounds, refines
from kg.namespaces import expand, shorten

Term = NamedNode | BlankNode | Literal | Triple

INTEGER, DECIMAL = expand("xsd:integer"), expand("xsd:decimal")
WHOLE = (INTEGER, DECIMAL)
_STRING = expand("xsd:string")
NUMBERS = (INTEGER, DECIMAL, expand("xsd:double"), expand("xsd:float"))


def number(term: Term) -> Decimal | None:
    """The number that a literal of a numeric datatype writes; ``None`` if it writes none."""
    if not isinstance(term, Literal) or term.datatype.value not in NUMBERS:
        return None
    if "_" in term.value or (term.datatype.value == INTEGER and not term.value.lstrip("+-").isdigit()):
        return None
    try:
        value = Decimal(term.value)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def date_bounds(term: Term) -> Bounds | None:
    """The first and last day of a literal of a date datatype; ``None`` if it is no date."""
    if not isinstance(term, Literal) or term.datatype.value not in DATATYPES:
        return None
    try:
        return bounds(term.value, term.datatype.value)
    except ValueError:
        return None


def value_key(term: Term) -> Hashable:
    """What two terms share if they are the same value: 1.5e9 and 1500000000 do, 2024 and 2024-10 do not."""
    value = number(term)
    return term if value is None else value


def written(term: Term) -> str:
    """A term as Turtle writes it, with our prefixes."""
    if isinstance(term, Literal) and not term.language and term.datatype.value not in (_STRING, *WHOLE):
        return f"{Literal(term.value)}^^{shorten(term.datatype.value)}"
    if isinstance(term, Literal):
        return term.value if term.datatype.value in WHOLE else str(term)
    if isinstance(term, NamedNode):
        name = shorten(term.value)
        return name if name != term.value else f"<{name}>"
    return str(term)


def settle(values: Iterable[Term]) -> tuple[list[Term], dict[Term, Term]]:
    """Reduces values to those that still differ.

    Of equal numbers one stays; a date that another refines goes. The order of the values does not matter.

    :return: the values that stay, sorted, and for each that goes the one that stands for it
    """
    kept: list[Term] = []
    gone: dict[Term, Term] = {}
    for value in sorted(set(values), key=_precedence):
        better = next((other for other in kept if agrees(other, value)), None)
        if better is None:
            kept.append(value)
        else:
            gone[value] = better
    return sorted(kept, key=str), gone


def agrees(finer: Term, coarser: Term) -> bool:
    """Whether the first value says what the second says, or says it more exactly."""
    if value_key(finer) == value_key(coarser):
        return True
    first, second = date_bounds(finer), date_bounds(coarser)
    return first is not None and second is not None and refines(first, second)


def is_closed(span: Bounds) -> bool:
    """Whether a date has both a first and a last day."""
    return span[0] != OPEN_START and span[1] != OPEN_END


def _precedence(term: Term) -> tuple[int, int, int, str]:
    """Finer before coarser dates, XML Schema before EDTF, whole before decimal before floating numbers."""
    span = date_bounds(term)
    days = (span[1] - span[0]).days if span else 0
    known = (*NUMBERS, *DATATYPES)
    datatype = term.datatype.value if isinstance(term, Literal) else ""
    rank = known.index(datatype) if datatype in known else len(known)
    return days, rank, len(str(term)), str(term)
