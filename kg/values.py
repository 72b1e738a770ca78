"""When two values say the same: equal numbers, and dates of which one refines the other."""

from collections.abc import Hashable, Iterable
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from kg.dates import DATE_DATATYPES, Bounds, bounds, refines
from kg.namespaces import shorten
from kg.terms import NUMERIC_DATATYPES, XSD, Term

_RANKS: dict[NamedNode | None, int] = {d: rank for rank, d in enumerate((*NUMERIC_DATATYPES, *DATE_DATATYPES))}
_WRITTEN_BARE = (XSD.integer, XSD.decimal)


def number(term: Term) -> Decimal | None:
    """The number that a literal of a numeric datatype writes; ``None`` if it writes none."""
    if not isinstance(term, Literal) or term.datatype not in NUMERIC_DATATYPES:
        return None
    fractional = term.datatype in (XSD.decimal, XSD.double, XSD.float)
    if "_" in term.value or not (fractional or term.value.lstrip("+-").isdigit()):
        return None
    try:
        value = Decimal(term.value)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def date_bounds(term: Term) -> Bounds | None:
    """The first and last day of a literal of a date datatype; ``None`` if it is not a date."""
    if not isinstance(term, Literal) or term.datatype not in DATE_DATATYPES:
        return None
    try:
        return bounds(term.value, term.datatype)
    except ValueError:
        return None


def value_key(term: Term) -> Hashable:
    """What two terms share if they are the same value: 1.5e9 and 1500000000 do, 2024 and 2024-10 do not."""
    value = number(term)
    return term if value is None else value


def written(term: Term) -> str:
    """A term as Turtle writes it, with our prefixes."""
    if isinstance(term, NamedNode):
        name = shorten(term.value)
        return name if name != term.value else str(term)
    if not isinstance(term, Literal) or term.language or term.datatype == XSD.string:
        return str(term)
    if term.datatype in _WRITTEN_BARE:
        return term.value
    return f"{Literal(term.value)}^^{shorten(term.datatype.value)}"


def settle(values: Iterable[Term]) -> tuple[list[Term], dict[Term, Term]]:
    """Reduces values to those that still differ.

    Of equal numbers one stays; a date that another refines is dropped. The order of the values does not matter.

    :return: the values that stay, sorted, and for each that is dropped the one that replaces it
    """
    different: list[Term] = []
    superseded: dict[Term, Term] = {}
    values = set(values)
    for value in sorted(values, key=_precedence) if len(values) > 1 else values:
        better = next((other for other in different if agrees(other, value)), None)
        if better is None:
            different.append(value)
        else:
            superseded[value] = better
    return sorted(different, key=str), superseded


def agrees(finer: Term, coarser: Term) -> bool:
    """Whether the first value says what the second says, or says it more exactly."""
    if value_key(finer) == value_key(coarser):
        return True
    first, second = date_bounds(finer), date_bounds(coarser)
    return first is not None and second is not None and refines(first, second)


def _precedence(term: Term) -> tuple[int, int, int, str]:
    """Finer before coarser dates, XML Schema before EDTF, integers before decimals before floating-point numbers."""
    span = date_bounds(term)
    days = (span[1] - span[0]).days if span else 0
    datatype = term.datatype if isinstance(term, Literal) else None
    rank = _RANKS.get(datatype, len(_RANKS))
    return days, rank, len(str(term)), str(term)
