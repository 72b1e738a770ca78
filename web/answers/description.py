"""All that the graph holds about one IRI: statements, their evidence, labels, and what points to it.

Of what points to it, a description holds a page; the address of the next one is in it as ``hydra:next``
(https://www.hydra-cg.com/spec/latest/core/#collections) and in a Link header (RFC 8288).
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from flask import Response, request
from pyoxigraph import NamedNode, Quad, Store

from kg import catalogue, graph
from kg.errors import UnknownThingError
from kg.export import serialise
from kg.formats import GRAPH_FORMATS
from kg.message import Message
from kg.namespaces import PREFIXES
from kg.skolem import GENID, deskolemise
from kg.terms import AIP, DCTERMS, GRAPH, RDF, RDFS, SKOS, Term, is_assertion
from web.addresses import address_of, address_of_iri
from web.answers.arguments import integer, refuse_unknown
from web.answers.conditional import conditional
from web.answers.formats import GRAPHS, Format
from web.snapshot import per_snapshot, snapshot

LICENCE = catalogue.LICENCE.value


def signpost(response: Response, iri: str) -> Response:
    """An answer about an IRI with links to the IRI to cite, its other formats, licence, type and dataset."""
    _link(response, iri, "cite-as")
    _link(response, LICENCE, "license")
    _link(response, address_of("discovery.void"), "describedby", "text/turtle")
    _link(response, address_of("discovery.dataset"), "collection")
    kind = "Dataset" if iri.startswith(PREFIXES["graph"]) else "Thing"
    _link(response, f"https://schema.org/{kind}", "type")
    address = address_of_iri(iri)
    if address and not address.endswith("/"):
        for form in GRAPHS:
            _link(response, f"{address}.{form.suffix}", "alternate", form.media_type)
    return response


def _link(response: Response, target: str, relation: str, media_type: str = "") -> None:
    kind = f'; type="{media_type}"' if media_type else ""
    response.headers.add("Link", f'<{target}>; rel="{relation}"{kind}')


MAX_LINKS_BACK = 500
"""How many quads that point to a thing are in one page of its description."""
LAST_LINK = 10_000_000
HYDRA = "http://www.w3.org/ns/hydra/core#"

_LABELS = (RDFS.label, SKOS.prefLabel, DCTERMS.title)


def describe(iri: str, form: Format) -> Response:
    """The description of an IRI in a graph format, with a page of what points to it, from ``?links=`` on.

    :raises UnknownThingError: if the graph does not know it
    :raises ParameterError: if ``links`` is no number, or something else is asked for
    """
    refuse_unknown("links", "format")
    current, start = snapshot(), integer("links", 0, 0, LAST_LINK)
    parts = ("thing", iri, form.name, str(start))
    response = signpost(conditional(parts, form.content_type, lambda: describe_as(iri, form, start)), iri)
    response.headers["Content-Disposition"] = form.disposition(iri)
    for relation, first in pages_of_links(current.store, NamedNode(iri), start).items():
        response.headers.add("Link", f'<{_address(first)}>; rel="{relation}"')
    return response


def _address(start: int) -> str:
    arguments: dict[str, Any] = request.args.to_dict(flat=False) | {"links": [str(start)]}
    return address_of(request.endpoint or "", **(arguments | (request.view_args or {})))


def pages_of_links(store: Store, thing: NamedNode, start: int) -> dict[str, int]:
    """The first link of the page after and of that before the one that begins at a link."""
    pages = {"next": start + MAX_LINKS_BACK} if len(_links_back(store, thing, start)) > MAX_LINKS_BACK else {}
    return pages | ({"prev": max(0, start - MAX_LINKS_BACK)} if start else {})


@per_snapshot(200)
def describe_as(iri: str, form: Format, start: int = 0) -> bytes:
    """The description of an IRI as bytes, made once.

    :param start: the first of what points to it
    :raises UnknownThingError: if the graph does not know it
    """
    thing, store = NamedNode(iri), snapshot().store
    quads = description(store, thing, start)
    if not quads:
        raise UnknownThingError(Message("nothing in the graph is called %(name)s", name=iri[:200]))
    content = _in_format(quads, form) | _view(thing, start, pages_of_links(store, thing, start))
    return serialise(content if iri.startswith(GENID) else deskolemise(content), form.name)


def _view(thing: NamedNode, start: int, pages: Mapping[str, int]) -> set[Quad]:
    """That this is a part, and which are the parts beside it; nothing where it is all."""
    if not pages:
        return set()
    view, names = _page(thing, start), {"next": "next", "prev": "previous"}
    beside = {Quad(view, NamedNode(HYDRA + names[each]), _page(thing, first)) for each, first in pages.items()}
    kind = Quad(view, RDF.type, NamedNode(HYDRA + "PartialCollectionView"))
    return {kind, Quad(thing, NamedNode(HYDRA + "view"), view), *beside}


def _page(thing: NamedNode, start: int) -> NamedNode:
    return NamedNode(f"{thing.value}?links={start}")


def _in_format(quads: set[Quad], form: Format) -> set[Quad]:
    """What a format holds of a description: the accepted one in the default graph, where every parser looks, and the
    named graphs beside it in the formats of datasets; JSON-LD is read as one graph by most."""
    accepted = triples(quads)
    if form.name == "jsonld" or not GRAPH_FORMATS[form.name].has_named_graphs:
        return accepted
    return accepted | {quad for quad in quads if quad.graph_name != GRAPH.accepted}


def exists(store: Store, thing: NamedNode) -> bool:
    """Whether the graph says anything of an IRI, names it as a value, or has a graph of that name."""
    return graph.exists(store, thing) or graph.exists(store, value=thing) or store.contains_named_graph(thing)


def description(store: Store, thing: NamedNode, start: int = 0) -> set[Quad]:
    """The quads that describe a thing, each in its own graph.

    Claims stand in the graphs of their assertions, so who says what is not lost; labels are those of every IRI named.

    :param start: which of what points to it comes first
    """
    quads = set(_about(store, thing))
    quads.update(_links_back(store, thing, start)[:MAX_LINKS_BACK])
    quads.update(store.quads_for_pattern(None, None, None, thing))
    quads.update(_evidence(store, thing, list(quads)))
    quads.update(_labels(store, quads, thing))
    return quads


def triples(quads: Iterable[Quad]) -> set[Quad]:
    """The part of a description that can do without graph names: no claim that was not accepted."""
    return {Quad(*quad.triple) for quad in quads if not is_assertion(quad.graph_name)}


def _about(store: Store, thing: NamedNode) -> Iterator[Quad]:
    """The statements about a thing and about the skolemised blank nodes of ontology and shapes they lead to."""
    seen: set[object] = set()
    waiting: list[Term] = [thing]
    while waiting:
        subject = waiting.pop()
        if subject in seen or not isinstance(subject, NamedNode):
            continue
        seen.add(subject)
        for quad in store.quads_for_pattern(subject, None, None, None):
            yield quad
            if _is_skolem(quad.object):
                waiting.append(quad.object)


def _is_skolem(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(GENID)


def _links_back(store: Store, thing: NamedNode, start: int) -> list[Quad]:
    """The quads of a page that point to a thing, those of the accepted view first, and one more if there is one."""
    accepted = store.quads_for_pattern(None, None, thing, GRAPH.accepted)
    others = (q for q in store.quads_for_pattern(None, None, thing, None) if q.graph_name != GRAPH.accepted)
    links = (quad for quad in chain(accepted, others) if not _is_skolem(quad.subject))
    return list(islice(links, start, start + MAX_LINKS_BACK + 1))


def _evidence(store: Store, thing: NamedNode, quads: list[Quad]) -> Iterator[Quad]:
    """The assertions that hold these quads, their passages and their sources."""
    assertions: set[object] = {quad.graph_name for quad in quads if is_assertion(quad.graph_name)}
    assertions.update(quad.subject for quad in quads if quad.predicate == AIP.inPassage)
    passages = _objects(store, {*assertions, thing}, AIP.inPassage)
    passages.update(quad.subject for quad in quads if quad.predicate == AIP.inSource)
    sources = _objects(store, {*passages, thing}, AIP.inSource)
    for node in {*assertions, *passages, *sources}:
        if isinstance(node, NamedNode):
            yield from store.quads_for_pattern(node, None, None, GRAPH.sources)


def _objects(store: Store, subjects: Iterable[object], predicate: NamedNode) -> set[object]:
    nodes = [subject for subject in subjects if isinstance(subject, NamedNode)]
    return {quad.object for node in nodes for quad in store.quads_for_pattern(node, predicate, None, GRAPH.sources)}


def _labels(store: Store, quads: Iterable[Quad], thing: NamedNode) -> Iterator[Quad]:
    named = {term for quad in quads for term in (quad.subject, quad.predicate, quad.object)} - {thing}
    for term in named:
        if isinstance(term, NamedNode):
            for predicate in _LABELS:
                yield from store.quads_for_pattern(term, predicate, None, GRAPH.accepted)
