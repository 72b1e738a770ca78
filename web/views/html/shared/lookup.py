"""Look-ups in the snapshot: terms by name, values of a property, what refers to a thing, the covered countries."""

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode

from kg import graph as graph_of
from kg.countries import Country, covered_countries
from kg.errors import ParameterError
from kg.identifiers import iris_of
from kg.message import Message
from kg.namespaces import expand
from kg.terms import AIP, EDTF, GRAPH, NUMERIC_DATATYPES, RDF, RDFS, XSD, Term
from web.answers.arguments import single
from web.locale import show_date
from web.snapshot import per_snapshot, snapshot

ACCEPTED, SOURCES = GRAPH.accepted, GRAPH.sources
PALETTE_SIZE = 8
"""How many countries have a colour of their own; the next begin again."""
_DATES = frozenset({XSD.date, XSD.gYearMonth, XSD.gYear, EDTF.EDTF})
_ISO_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-[0-3]\d)?")


def node(name: str) -> NamedNode:
    """The term of an IRI or a prefixed name."""
    return NamedNode(name if name.startswith(("http://", "https://", "urn:")) else expand(name))


def iri_of(term: Term | str | None) -> str:
    """The IRI of a term; empty for a literal and for none."""
    if isinstance(term, str):
        return term
    return term.value if isinstance(term, NamedNode) else ""


def objects(subject: NamedNode, predicate: NamedNode, graph: NamedNode = ACCEPTED) -> list[Term]:
    """The values of a property in a graph, sorted."""
    return graph_of.objects(snapshot().store, subject, predicate, graph)


def first(subject: NamedNode, predicate: NamedNode, graph: NamedNode = ACCEPTED) -> Term | None:
    """The first value of a property, or ``None``."""
    return next(iter(objects(subject, predicate, graph)), None)


def subjects(predicate: NamedNode, value: Term, graph: NamedNode = ACCEPTED) -> list[NamedNode]:
    """The things that have a value of a property, sorted."""
    return graph_of.subjects(snapshot().store, predicate, value, graph)


def exists(subject: NamedNode, predicate: NamedNode | None = None, value: Term | None = None) -> bool:
    """Whether any graph has such a triple."""
    return graph_of.exists(snapshot().store, subject, predicate, value)


def named_nodes(terms: Iterable[object]) -> list[NamedNode]:
    """Those of some terms that are IRIs."""
    return [term for term in terms if isinstance(term, NamedNode)]


def things_named(term: Term | None) -> list[NamedNode]:
    """The things whose English names an answer joins in one value, such as operators; none unless each is known."""
    names = term.value.split("; ") if isinstance(term, Literal) else []
    things = named_nodes(_by_english_name().get(name) for name in names)
    return things if len(things) == len(names) else []


@per_snapshot()
def _by_english_name() -> dict[str, NamedNode]:
    """Each thing whose English name no other has, but for a publisher: who acts is the body of that name."""
    named: dict[str, set[NamedNode]] = {}
    store = snapshot().store
    publishers = {quad.subject for quad in store.quads_for_pattern(None, RDF.type, AIP.Publisher, ACCEPTED)}
    for quad in store.quads_for_pattern(None, RDFS.label, None, ACCEPTED):
        if quad.subject in publishers:
            continue
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal) and quad.object.language == "en":
            named.setdefault(quad.object.value, set()).add(quad.subject)
    return {name: things.pop() for name, things in named.items() if len(things) == 1}


def countries() -> list[Country]:
    """The covered countries in their order."""
    return list(_by_iri().values())


def covered_country(term: Term | str | None) -> Country | None:
    """The covered country that a term names."""
    return _by_iri().get(iri_of(term))


def read_until(places: Iterable[NamedNode] = ()) -> list[tuple[NamedNode, Term]]:
    """The day until which the sources on each place were read; those of the covered countries by default."""
    chosen = list(places) or [country.iri for country in countries()]
    days = ((place, first(place, AIP.readUntil)) for place in chosen)
    return [(place, day) for place, day in days if day is not None]


def asked_country() -> NamedNode | None:
    """The state of ``?country=``.

    :raises ParameterError: if it is not covered
    """
    code = single("country")
    known = {one.iri.value: one.iri for one in countries()}
    country = next((known[iri] for iri in iris_of(code, ("id",)) if iri in known), None)
    if code and country is None:
        raise ParameterError("country", code[:40], Message("not a covered country"), [one.code for one in countries()])
    return country


def country_of(thing: NamedNode) -> Country | None:
    """The covered country that a thing belongs to."""
    return next(filter(None, map(covered_country, objects(thing, node("aip:country")))), None)


def chosen_countries(given: Mapping[str, str]) -> list[NamedNode]:
    """The covered countries that the parameters of a question name; none if they leave all."""
    known = {one.iri.value: one.iri for one in countries()}
    named = (iri for code in given.get("country", "").split(",") for iri in iris_of(code.lower(), ("id",)))
    return [known[iri] for iri in named if iri in known]


def sources_read_until(given: Mapping[str, str]) -> str:
    """The day until which the sources on the countries asked for were read, as a date; empty if it is not known."""
    days = [day.value for _place, day in read_until(chosen_countries(given)) if isinstance(day, Literal)]
    return show_date(min(days)) if days else ""


def country_class(country: Country | None) -> str:
    """The CSS class that gives a country its colour."""
    return f"country-{(country.order - 1) % PALETTE_SIZE + 1}" if country else ""


@per_snapshot()
def _by_iri() -> dict[str, Country]:
    return {country.iri.value: country for country in covered_countries(snapshot().store)}


def is_iri(term: Term | None) -> bool:
    """Whether a term is an IRI."""
    return isinstance(term, NamedNode)


def is_date(term: Term | None) -> bool:
    """Whether a term is a date, however precise, or text that is written as one."""
    if not isinstance(term, Literal):
        return False
    return term.datatype in _DATES or (term.datatype == XSD.string and bool(_ISO_DATE.fullmatch(term.value)))


def is_number(term: Term | None) -> bool:
    """Whether a term is a number."""
    return isinstance(term, Literal) and term.datatype in NUMERIC_DATATYPES
