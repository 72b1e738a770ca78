"""What crawlers and other programs look for first: VoID, schema.org, sitemap, robots, llms.txt."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from flask import Response, render_template, request, url_for
from pyoxigraph import NamedNode, Store

from kg.countries import covered_countries
from kg.export import serialise
from kg.graph import label, text
from kg.groups import grouped
from kg.namespaces import BASE, PREFIXES, shorten
from kg.terms import GRAPH, OWL, RDF, RDFS, SKOS
from web.addresses import address_of, address_of_iri, site_address
from web.answers.conditional import conditional
from web.answers.dataset import read_until, schema_dataset
from web.answers.formats import GRAPHS, choose
from web.answers.schemas import allowed_values
from web.config import has_agents
from web.snapshot import Snapshot, per_snapshot, snapshot
from web.views.linked_data.catalogue import catalogue, written_files

MAX_SITEMAP = 50_000
"""How many addresses one sitemap may have (https://www.sitemaps.org/protocol.html)."""
PAGES = (
    *("pages.home", "pages.targets", "pages.compare", "pages.timeline", "pages.network", "pages.questions"),
    *("pages.disagreements", "pages.sources", "pages.new", "pages.ontology", "pages.about", "pages.editor"),
    *("downloads.listing", "query_api.documentation", "pages.cookbook"),
)
"""Pages of the site that show no single thing, by the names of their routes."""


def _document(name: str, content_type: str, write: Callable[[Snapshot], str | bytes]) -> Response:
    """A document about the current snapshot with addresses of this server in it."""
    current = snapshot()
    return conditional((name, content_type, site_address()), content_type, lambda: write(current))


def void() -> Response:
    """VoID and DCAT: counts, partitions, downloads, endpoint."""
    form = choose(GRAPHS, request.accept_mimetypes, request.args)
    files = " ".join(file.digest for file in written_files(snapshot()))
    return _document(f"void {files}", form.content_type, lambda current: serialise(catalogue(current), form.name))


def dataset() -> Response:
    """The dataset in schema.org's words."""
    return _document("schema.org", "application/ld+json", schema_dataset)


def robots() -> Response:
    """What robots should leave alone: queries; pages and data are open to them."""
    text = render_template("robots.txt", root=url_for("pages.home"), sitemap=address_of("discovery.sitemap"))
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(text + "\n", content_type="text/plain; charset=utf-8", headers=headers)


def llms() -> Response:
    """What a language model needs to answer from the graph and to cite it (https://llmstxt.org/)."""
    return _document("llms", "text/plain; charset=utf-8", _llms)


def llms_full() -> Response:
    """The same with all questions, classes, properties and concepts in full."""
    return _document("llms-full", "text/plain; charset=utf-8", _llms_full)


def _llms(current: Snapshot, template: str = "llms.txt", **more: object) -> str:
    queries = current.queries.values()
    read = read_until(current)
    return render_template(
        template,
        root=site_address(),
        base=BASE,
        snapshot=current,
        queries=queries,
        days_read=read,
        agents=has_agents(),
        **more,
    )


def _llms_full(current: Snapshot) -> str:
    vocabulary = terms(current)
    return _llms(
        current,
        "llms-full.txt",
        choices=lambda parameter: allowed_values(current, parameter),
        classes=vocabulary.classes,
        properties=vocabulary.properties,
        concepts=vocabulary.concepts,
    )


def sitemap() -> Response:
    """The addresses of all pages: overviews, things, sources, concepts, terms and canned queries."""
    return _document("sitemap", "application/xml; charset=utf-8", _sitemap)


def _sitemap(current: Snapshot) -> str:
    iris = _iris()
    pages = [*(address_of(page) for page in PAGES), *_countries(current)]
    addresses = (*pages, *(address_of_iri(iri) for iri in iris[: MAX_SITEMAP - len(pages)]))
    changed = current.modified.date().isoformat() if current.modified else ""
    return render_template("sitemap.xml", addresses=addresses, changed=changed) + "\n"


@per_snapshot()
def _iris() -> list[str]:
    """The IRIs of everything of ours that has a type in the accepted view, and of the canned queries."""
    current, spaces = snapshot(), tuple(PREFIXES[name] for name in ("id", "source", "concept", "aip"))
    typed = current.store.quads_for_pattern(None, RDF.type, None, GRAPH.accepted)
    iris = {quad.subject.value for quad in typed if isinstance(quad.subject, NamedNode)}
    ours = {iri for iri in iris if iri.startswith(spaces) and iri not in spaces}
    countries = {country.iri.value for country in covered_countries(current.store)}  # their pages are /country/…
    return sorted((ours - countries) | {PREFIXES["query"] + slug for slug in current.queries})


def _countries(current: Snapshot) -> list[str]:
    return [address_of("pages.country", code=country.code) for country in covered_countries(current.store)]


class Term(NamedTuple):
    """A class or property of the ontology."""

    name: str
    label: str
    definition: str


class Vocabulary(NamedTuple):
    """All of the ontology and the concepts.

    :param concepts: each scheme with its concepts
    """

    classes: list[Term]
    properties: list[Term]
    concepts: list[tuple[str, list[str]]]


def terms(current: Snapshot) -> Vocabulary:
    """The terms of a snapshot, sorted."""
    store = current.store
    properties = {*_terms(store, OWL.ObjectProperty), *_terms(store, OWL.DatatypeProperty)}
    return Vocabulary(sorted(_terms(store, OWL.Class)), sorted(properties), sorted(_concepts(store)))


def _terms(store: Store, kind: NamedNode) -> Iterator[Term]:
    for quad in store.quads_for_pattern(None, RDF.type, kind, GRAPH.ontology):
        term = quad.subject
        if isinstance(term, NamedNode) and term.value.startswith(PREFIXES["aip"]):
            name, definition = (text(store, term, p, GRAPH.ontology) or "" for p in (RDFS.label, SKOS.definition))
            yield Term(shorten(term.value), name, definition)


def _concepts(store: Store) -> Iterator[tuple[str, list[str]]]:
    quads = store.quads_for_pattern(None, SKOS.inScheme, None, GRAPH.concepts)
    schemes = grouped(
        (
            f"{label(store, quad.object)} (`{shorten(quad.object.value)}`)",
            f"`{shorten(quad.subject.value)}` {label(store, quad.subject)}",
        )
        for quad in quads
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    )
    return ((scheme, sorted(members)) for scheme, members in schemes.items())
