"""What crawlers and other programs look for first: VoID, schema.org, sitemap, robots, llms.txt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from flask import Blueprint, Response, render_template, request, url_for
from pyoxigraph import NamedNode

from kg.export import serialise
from kg.namespaces import BASE, GRAPH_ACCEPTED, PREFIXES, expand
from web.answers.adhoc import finish, tag_of, unchanged
from web.answers.formats import GRAPHS, choose
from web.snapshot import Snapshot, snapshot
from web.views.linked_data.signposting import local_address
from web.views.sparql.service_description import catalogue, schema_dataset

blueprint = Blueprint("discovery", __name__)

LARGEST_SITEMAP = 50_000
"""How many addresses one sitemap may have (https://www.sitemaps.org/protocol.html)."""


def _of_snapshot(kind: tuple[str, ...], content_type: str, write: Callable[[Snapshot], str | bytes]) -> Response:
    """What is made of the current snapshot alone, or word that it has not changed.

    :param kind: what tells it from others of the same snapshot
    """
    current = snapshot()
    tag = tag_of(current.name, *kind, request.root_url)
    if unchanged(tag):
        return finish(Response(status=304), tag, False)
    return finish(Response(write(current), content_type=content_type), tag, False)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """VoID and DCAT: counts, partitions, downloads, endpoint."""
    form = choose(GRAPHS, request.accept_mimetypes, request.args)
    return _of_snapshot(
        ("void", form.name), form.content_type, lambda current: b"".join(serialise(catalogue(current), form.name))
    )


@blueprint.get("/dataset.schema.json")
def dataset() -> Response:
    """The dataset in schema.org's words."""
    return _of_snapshot(("schema.org",), "application/ld+json", schema_dataset)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What robots are asked to leave alone: queries; pages and data are theirs."""
    text = (
        "User-agent: *\nDisallow: {root}sparql?\nDisallow: {root}search\nDisallow: {root}evidence\n"
        "Disallow: {root}graph-store\n\nSitemap: {sitemap}\n"
    ).format(root=url_for("discovery.robots").removesuffix("robots.txt"), sitemap=url_for(".sitemap", _external=True))
    return Response(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "public, max-age=3600"})


@blueprint.get("/llms.txt")
def llms() -> Response:
    """What a language model needs to answer from the graph and to cite it (https://llmstxt.org/)."""
    return _of_snapshot(("llms",), "text/plain; charset=utf-8", _llms)


def _llms(current: Snapshot) -> str:
    queries = current.queries.values()
    return render_template("llms.txt", root=request.root_url, base=BASE, snapshot=current, queries=queries)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """The addresses of all things, sources, concepts and terms."""
    return _of_snapshot(("sitemap",), "application/xml; charset=utf-8", lambda current: "".join(_sitemap(current)))


def _sitemap(current: Snapshot) -> Iterator[str]:
    changed = f"<lastmod>{current.modified.date().isoformat()}</lastmod>" if current.modified else ""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    yield f"<url><loc>{escape(request.root_url)}</loc>{changed}</url>\n"
    for address in addresses(current)[: LARGEST_SITEMAP - 1]:
        yield f"<url><loc>{escape(address)}</loc>{changed}</url>\n"
    yield "</urlset>\n"


def addresses(current: Snapshot) -> list[str]:
    """The addresses here of everything of ours that has a type in the accepted view."""
    if "addresses" not in current.cache:
        typed = current.store.quads_for_pattern(None, NamedNode(expand("rdf:type")), None, NamedNode(GRAPH_ACCEPTED))
        spaces = tuple(PREFIXES[name] for name in ("id", "source", "concept", "aip"))
        names = {quad.subject.value for quad in typed if isinstance(quad.subject, NamedNode)}
        questions = {f"{PREFIXES['query']}{slug}" for slug in current.queries}
        ours = {name for name in names if name.startswith(spaces) and name not in spaces}
        current.cache["addresses"] = sorted(name.removeprefix(BASE) for name in ours | questions)
    return [str(local_address(BASE + name)) for name in current.cache["addresses"]]
