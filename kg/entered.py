"""When what was entered, and what had been entered by a day.

An assertion and a ruling are entered on their ``dcterms:created``. A search is entered on the last day that its
``aip:date`` may mean, one that others made before the first assertion was entered with that. A passage and a source
are entered with the first of their assertions, and a thing of the registry or an editorial classification with the
first assertion that names it, or with the first thing whose entry in the registry names it; what no assertion names
has no day of entry and is always there, as are states, ontology, concepts, shapes and rules.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.dates import bounds
from kg.namespaces import PREFIXES
from kg.terms import AIP, DCTERMS, GRAPH, RDF, Term, is_assertion

_DESCRIBED = (GRAPH.registry, GRAPH.editorial)


def entry_days(store: Store) -> list[date]:
    """The days on which anything was entered, the earliest first; none is before that of the first assertion."""
    claims = [day for _, day in _days(store.quads_for_pattern(None, DCTERMS.created, None, GRAPH.sources))]
    others = [
        *store.quads_for_pattern(None, DCTERMS.created, None, GRAPH.rulings),
        *store.quads_for_pattern(None, AIP.date, None, GRAPH.coverage),
    ]
    days = {*claims, *(day for _, day in _days(others))}
    return sorted(day for day in days if claims and day >= min(claims))


def last_entry(days: Iterable[date], day: date) -> date | None:
    """The last of some days of entry up to a day; ``None`` if there is none."""
    return max((one for one in days if one <= day), default=None)


def known_by(quads: Collection[Quad], day: date) -> list[Quad]:
    """Of the quads of the data, those that had been entered by a day.

    :param quads: registry, editorial, coverage, rulings, descriptions of sources, and all assertions
    """
    later = {node for node, entered in _days(quads) if entered > day}
    unknown = later | _without_assertions(quads, later) | _not_yet_named(quads, later)
    return [quad for quad in quads if quad.graph_name not in later and not _is_gone(quad, unknown)]


def _days(quads: Iterable[Quad]) -> Iterator[tuple[Term, date]]:
    """Each assertion, ruling and search with its day of entry."""
    for quad in quads:
        graph, value = quad.graph_name, quad.object
        is_search = graph == GRAPH.coverage and quad.predicate == AIP.date
        is_entry = graph in (GRAPH.sources, GRAPH.rulings) and quad.predicate == DCTERMS.created
        if isinstance(value, Literal) and (is_search or is_entry):
            yield quad.subject, bounds(value.value, value.datatype)[1]


def _without_assertions(quads: Iterable[Quad], later: Collection[Term]) -> set[Term]:
    """The passages of which no assertion is left, and the sources of which no passage is."""
    removed: set[Term] = set()
    described = [quad for quad in quads if quad.graph_name == GRAPH.sources]
    for property_, missing in ((AIP.inPassage, later), (AIP.inSource, removed)):
        links = [quad for quad in described if quad.predicate == property_]
        remaining = {quad.object for quad in links if quad.subject not in missing}
        removed |= {quad.object for quad in links if quad.subject in missing} - remaining
    return removed


def _not_yet_named(quads: Iterable[Quad], later: Collection[Term]) -> set[Term]:
    """The things that only later assertions name, and no entry of a thing that is known."""
    named: dict[bool, set[Term]] = {True: set(), False: set()}
    for quad in quads:
        if is_assertion(quad.graph_name):
            named[quad.graph_name in later] |= {quad.subject, quad.object}
    entries = [quad for quad in quads if quad.graph_name in _DESCRIBED]
    states = {quad.subject for quad in entries if quad.predicate == RDF.type and quad.object == AIP.Country}
    named_later = (term for term in named[True] - named[False] - states if isinstance(term, NamedNode))
    unknown: set[Term] = {term for term in named_later if term.value.startswith(PREFIXES["id"])}
    while mentioned := {quad.object for quad in entries if quad.object in unknown and quad.subject not in unknown}:
        unknown -= mentioned
    return unknown


def _is_gone(quad: Quad, unknown: Collection[Term]) -> bool:
    """Whether a quad describes, or in the registry points to, what was not known yet."""
    if quad.graph_name in _DESCRIBED and quad.object in unknown:
        return True
    return quad.subject in unknown and not is_assertion(quad.graph_name)
