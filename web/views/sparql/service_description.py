"""What the service says of itself: SPARQL service description, VoID and DCAT at this address, schema.org.

* https://www.w3.org/TR/sparql11-service-description/
* https://www.w3.org/TR/void/ (section 7: /.well-known/void)
* https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from flask import Response, current_app, render_template, request, url_for
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.catalogue import DATASET
from kg.export import serialise
from kg.formats import GRAPH_FORMATS
from kg.namespaces import BASE, GRAPH_ACCEPTED, GRAPH_CATALOGUE, expand
from kg.skolem import skolemise
from web.answers.adhoc import finish, tag_of
from web.answers.formats import GRAPHS, choose
from web.snapshot import Snapshot, snapshot
from web.views.linked_data.signposting import LICENCE, local_address

_ADDRESSES = (BASE + "sparql", BASE + "download/")
_TRIPLES = NamedNode(expand("void:triples"))


def service_description() -> Response:
    """The description of the SPARQL service in the format the client likes."""
    form = choose(GRAPHS, request.accept_mimetypes, request.args)
    current, settings = snapshot(), current_app.config["WEB"]
    sizes = list(graph_sizes(current))
    text = render_template(
        "rdf/service.ttl",
        endpoint=NamedNode(url_for("sparql.sparql", _external=True)),
        dataset=NamedNode(DATASET),
        view=NamedNode(GRAPH_ACCEPTED),
        accepted=dict(sizes).get(NamedNode(GRAPH_ACCEPTED), 0),
        graphs=sizes,
        timeout=f"{settings.timeout:g}",
        rows=settings.rows,
    )
    quads = skolemise(parse(text.encode(), format=RdfFormat.TURTLE))
    response = Response(b"".join(serialise(quads, form.name)), content_type=form.content_type)
    return finish(response, tag_of(current.name, "service", request.root_url, form.name), False)


def graph_sizes(current: Snapshot) -> Iterator[tuple[NamedNode, int]]:
    """Each named graph and how many triples it has."""
    if "sizes" not in current.cache:
        current.cache["sizes"] = sorted(_sizes(current), key=lambda pair: pair[0].value)
    yield from current.cache["sizes"]


def _sizes(current: Snapshot) -> Iterator[tuple[NamedNode, int]]:
    for graph in current.store.named_graphs():
        if isinstance(graph, NamedNode):
            yield graph, sum(1 for _ in current.store.quads_for_pattern(None, None, None, graph))


def catalogue(current: Snapshot) -> set[Quad]:
    """The catalogue, with the addresses of downloads and endpoint at this server."""
    quads = current.store.quads_for_pattern(None, None, None, NamedNode(GRAPH_CATALOGUE))
    return set(_localised(quads))


def _localised(quads: Iterable[Quad]) -> Iterator[Quad]:
    for quad in quads:
        value = quad.object
        if isinstance(value, NamedNode) and value.value.startswith(_ADDRESSES):
            value = NamedNode(local_address(value.value) or value.value)
        yield Quad(quad.subject, quad.predicate, value)


def schema_dataset(current: Snapshot) -> str:
    """The dataset as schema.org says it, in JSON-LD: what search engines for data read."""
    names = {language: _text(current, "dcterms:title", language) for language in ("en", "ru")}
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": DATASET,
        "url": request.root_url,
        "name": names["en"],
        "alternateName": names["ru"],
        "description": _text(current, "dcterms:description", "en"),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "version": current.name,
        "dateModified": current.modified.date().isoformat() if current.modified else None,
        "inLanguage": ["en", "ru"],
        "keywords": _texts(current, "dcat:keyword", "en"),
        "spatialCoverage": ["Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan"],
        "creator": {"@type": "Organization", "name": "The maintainers of the Central Asia AI Policy Graph"},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": form.title,
                "encodingFormat": form.media_type,
                "contentUrl": url_for("downloads.download", name=form.file_name, _external=True),
            }
            for form in GRAPH_FORMATS.values()
        ],
    }
    return json.dumps({k: v for k, v in document.items() if v}, ensure_ascii=False, indent=1) + "\n"


def _texts(current: Snapshot, name: str, language: str) -> list[str]:
    found = current.store.quads_for_pattern(NamedNode(DATASET), NamedNode(expand(name)), None, None)
    literals = [quad.object for quad in found if isinstance(quad.object, Literal)]
    return sorted({literal.value for literal in literals if literal.language == language})


def _text(current: Snapshot, name: str, language: str) -> str | None:
    return next(iter(_texts(current, name, language)), None)
