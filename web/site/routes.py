"""The route table: every address with its endpoint and its view; where people and programs meet at one address, content
negotiation decides between two views."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from flask import Flask, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web.answers.arguments import refuse_unknown
from web.answers.formats import HTML, JSON, ROWS, Format, choose
from web.site import errors
from web.views.api import changes, openapi, operations, queries
from web.views.html import (
    acts,
    builder,
    chart_images,
    cookbook,
    country,
    editor,
    home,
    iri_pages,
    network,
    ontology,
    questions,
    search,
    timeline,
    tracker,
)
from web.views.html import releases as release_pages
from web.views.html.provenance import disagreements, evidence, feeds, records
from web.views.linked_data import discovery, downloads, releases, resources, site_files
from web.views.mcp import card
from web.views.mcp.http import mcp
from web.views.reconcile import service
from web.views.sparql import endpoint

P = ParamSpec("P")
Subject = TypeVar("Subject")
View = Callable[..., ResponseReturnValue]


class Route(NamedTuple):
    """An address, the name by which ``url_for`` knows it, and the view that answers there.

    :param takes: the parameters that it reads, any other is refused; ``None`` where the view itself decides, for they
        depend on what is asked, or a protocol lets clients send more
    """

    rule: str
    endpoint: str
    view: View
    methods: tuple[str, ...] = ("GET",)
    takes: tuple[str, ...] | None = ()


def negotiated(
    negotiate: Callable[P, tuple[Subject, Format]],
    data: Callable[[Subject, Format], ResponseReturnValue],
    page: Callable[[Subject], ResponseReturnValue],
) -> View:
    """One view of two: the page where HTML is the format to answer in, else the data.

    :param negotiate: what the address means and the format to answer in
    """

    def view(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        subject, form = negotiate(*args, **kwargs)
        response = make_response(page(subject) if form == HTML else data(subject, form))
        response.vary.add("Accept")
        return response

    return view


def json_or_page(data: Callable[[], ResponseReturnValue], page: Callable[[], ResponseReturnValue]) -> View:
    """One view of two: the page for a browser, else JSON."""
    return negotiated(
        lambda: (None, choose((JSON, ROWS, HTML), request.accept_mimetypes, request.args)),
        lambda _, form: data(),
        lambda _: page(),
    )


def _query_or_parameter(slug: str) -> ResponseReturnValue:
    return resource(kind="query", name=slug) if queries.is_parameter(slug) else query(slug)


sparql = negotiated(endpoint.negotiate, endpoint.answer, lambda _: editor.open_editor())
query = negotiated(queries.negotiate, queries.answer, questions.question)
query_list = json_or_page(queries.listing, lambda: redirect(url_for("pages.questions")))
file_list = json_or_page(downloads.listing, downloads.page)
resource = negotiated(resources.locate, resources.resource, iri_pages.thing)
search_page = negotiated(
    lambda: (None, choose((HTML, JSON), request.accept_mimetypes, request.args)),
    lambda _, form: search.as_json(),
    lambda _: search.search(),
)
ontology_page = negotiated(resources.locate_ontology, resources.vocabulary, lambda _: ontology.ontology())
ontology_release = negotiated(resources.locate_release, resources.release, iri_pages.thing)
vocabulary = negotiated(resources.locate_vocabulary, resources.vocabulary, iri_pages.thing)

release_list = json_or_page(releases.listing, release_pages.releases)
release = negotiated(releases.negotiate, lambda one, form: releases.manifest(one), release_pages.release)
diff = json_or_page(changes.differences, release_pages.diff)

FORMAT = ("format",)
ROUTES = (
    # Programs and people
    Route("/sparql", "sparql.sparql", sparql, ("GET", "POST"), takes=None),
    Route("/query/", "query_api.listing", query_list, takes=FORMAT),
    Route("/query", "query_api.listing", query_list, takes=FORMAT),
    Route("/query/<slug>", "query_api.answer", _query_or_parameter, takes=None),
    Route(
        "/<any(id,ontology,concept,source,passage,assertion,graph,shape,genid):kind>/<path:name>",
        "linked_data.resource",
        resource,
        takes=None,
    ),
    Route("/<any(ontology,concept,shape):kind>/", "linked_data.namespace", vocabulary, takes=FORMAT),
    Route("/ontology", "pages.ontology", ontology_page, takes=FORMAT),
    Route("/ontology.<suffix>", "pages.ontology", ontology_page, takes=FORMAT),
    Route("/release/<version>/ontology", "linked_data.release", ontology_release, takes=FORMAT),
    Route("/release/<version>/ontology.<suffix>", "linked_data.release", ontology_release, takes=FORMAT),
    Route(
        "/<any('dataset','catalogue','maintainers','service','prefixes','links-to-wikidata'):kind>",
        "linked_data.resource",
        resource,
        takes=None,
    ),
    Route(
        "/<any(dataset,distribution,parameter,release):kind>/<path:name>", "linked_data.resource", resource, takes=None
    ),
    Route("/data/", "downloads.listing", file_list, takes=FORMAT),
    Route("/data", "downloads.listing", file_list, takes=FORMAT),
    Route("/data/dictionary", "downloads.dictionary", downloads.dictionary),
    Route("/download/", "downloads.listing", file_list, takes=FORMAT),
    Route("/download", "downloads.listing", file_list, takes=FORMAT),
    Route("/release/", "releases.list", release_list, takes=FORMAT),
    Route("/release/<version>/", "releases.release", release, takes=FORMAT),
    Route("/diff", "pages.diff", diff, takes=("from", "to", "country", "page", *FORMAT)),
    # Programs
    Route("/release/latest/", "releases.latest", releases.latest, takes=FORMAT),
    Route("/release/latest/<name>", "releases.latest", releases.latest, takes=FORMAT),
    Route("/release/<version>/<name>", "releases.file", releases.file),
    Route("/download/<name>", "downloads.download", downloads.download),
    Route("/data/<name>", "downloads.data", downloads.data),
    Route("/download/crosswalk.sssom.tsv", "downloads.crosswalk", downloads.crosswalk),
    Route("/download/SHA256SUMS", "downloads.checksums", downloads.checksums),
    Route("/data/SHA256SUMS", "downloads.checksums", downloads.checksums),
    Route("/graph-store", "downloads.graph_store", downloads.graph_store, takes=("graph", "default", *FORMAT)),
    Route("/.well-known/void", "discovery.void", discovery.void, takes=FORMAT),
    Route("/dataset.schema.json", "discovery.dataset", discovery.dataset),
    Route("/robots.txt", "discovery.robots", discovery.robots),
    Route("/llms.txt", "discovery.llms", discovery.llms),
    Route("/llms-full.txt", "discovery.llms_full", discovery.llms_full),
    Route("/sitemap.xml", "discovery.sitemap", discovery.sitemap),
    Route("/favicon.ico", "site.favicon", site_files.favicon),
    Route("/manifest.webmanifest", "site.manifest", site_files.manifest),
    Route("/opensearch.xml", "site.opensearch", site_files.opensearch),
    Route("/.well-known/security.txt", "site.security", site_files.security),
    Route("/context.jsonld", "site.context", site_files.context),
    Route("/mcp", "agents.mcp", mcp, ("POST",), takes=None),
    Route("/mcp/server-card", "agents.card", card.card),
    Route("/.well-known/ai-catalog.json", "agents.catalogue", card.catalogue),
    Route("/reconcile", "reconcile.service", service.reconcile, ("GET", "POST"), takes=None),
    Route("/reconcile/suggest/<any(entity,type,property):kind>", "reconcile.suggest", service.suggest, takes=None),
    Route("/reconcile/flyout/<any(entity,type,property):kind>", "reconcile.flyout", service.flyout, takes=None),
    Route("/reconcile/properties", "reconcile.properties", service.propose, takes=None),
    Route("/reconcile/preview", "reconcile.preview", service.preview, takes=None),
    Route("/api/search", "query_api.search", queries.search, takes=("q", "kind", "limit", "offset")),
    Route("/openapi.json", "query_api.openapi", openapi.openapi),
    Route("/health", "ops.health", operations.health, takes=None),
    Route("/ready", "ops.ready", operations.ready, takes=None),
    Route("/metrics", "ops.metrics", operations.metrics, takes=None),
    # People
    Route("/", "pages.home", home.home, takes=("figure",)),
    Route("/country/<code>", "pages.country", country.country, takes=("asOf",)),
    Route("/targets", "pages.targets", tracker.targets, takes=None),
    Route("/compare", "pages.compare", country.compare, takes=("c",)),
    Route("/compare-acts", "pages.compare_acts", acts.compare_acts, takes=("a", "b")),
    Route("/timeline", "pages.timeline", timeline.timeline, takes=None),
    Route("/network", "pages.network", network.network, takes=None),
    Route("/network.json", "pages.links", network.links, takes=("thing",)),
    Route("/network.graphml", "pages.graphml", network.graphml, takes=None),
    Route("/cookbook", "pages.cookbook", cookbook.cookbook),
    Route("/cookbook/<name>", "pages.recipe", cookbook.file),
    Route("/questions", "pages.questions", questions.questions),
    Route("/chart/<name>", "pages.chart", chart_images.chart, takes=None),
    Route("/embed/<slug>", "pages.embed", chart_images.embed, takes=None),
    Route("/builder", "pages.builder", builder.builder),
    Route("/builder/shapes.ttl", "pages.builder_configuration", builder.configuration),
    Route("/editor", "pages.editor", editor.editor, takes=None),
    Route("/search", "pages.search", search_page, takes=("q", "kind", "country", "from", "to", "page", *FORMAT)),
    Route("/search/suggest", "pages.suggest", search.suggest, takes=("q",)),
    Route("/sources", "pages.sources", records.sources, takes=None),
    Route("/disagreements", "pages.disagreements", disagreements.disagreements, takes=None),
    Route("/evidence", "pages.evidence", evidence.evidence, takes=("s", "p", "o", "fragment")),
    Route("/new", "pages.new", records.new, takes=None),
    Route("/new.atom", "pages.atom", feeds.atom, takes=("country",)),
    Route("/new.json", "pages.json_feed", feeds.json_feed, takes=("country",)),
    Route("/about", "pages.about", home.about),
    Route("/api/", "query_api.documentation", openapi.documentation),
    Route("/preferences", "pages.preferences", home.preferences, takes=("back",)),
    Route("/help/problems/", "help.problems", errors.problems),
    Route("/help/problems/<name>", "help.problem", errors.problem),
)


def register(app: Flask) -> None:
    """Put all addresses into an application."""
    for route in ROUTES:
        view = route.view if route.takes is None else _strict(route.view, route.takes)
        app.add_url_rule(route.rule, route.endpoint, view, methods=route.methods)


@cache
def _strict(view: View, takes: tuple[str, ...]) -> View:
    """A view that refuses what it does not read."""

    @wraps(view)
    def strict(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        refuse_unknown(*takes)
        return view(*args, **kwargs)

    return strict
