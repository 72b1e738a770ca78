"""Every IRI of the graph answers at its own path, in the format that Accept or the suffix asks for.

Document and thing share an address, as content negotiation is all that tells them apart
(https://www.w3.org/TR/cooluris/ allows it for what is itself an information resource; here every answer names the IRI).
"""

import re
from pathlib import Path
from urllib.parse import quote

from flask import Response, current_app, request
from pyoxigraph import NamedNode, RdfFormat, parse

from kg.errors import UnknownThingError
from kg.export import serialise
from kg.formats import GRAPH_FORMATS
from kg.message import Message
from kg.namespaces import BASE
from kg.terms import GRAPH
from web.answers.arguments import refuse_unknown
from web.answers.conditional import conditional
from web.answers.description import describe, exists, signpost
from web.answers.files import file_store, send
from web.answers.formats import GRAPHS, HTML, Format, by_suffix, choose
from web.snapshot import node, snapshot

ONTOLOGY = BASE + "ontology"
VOCABULARIES = {"ontology": GRAPH.ontology, "concept": GRAPH.concepts, "shape": GRAPH.shapes}
"""Namespaces whose own IRI answers with a whole graph."""


def locate(kind: str, name: str = "") -> tuple[str, Format]:
    """The IRI that an address means and the format to answer in, by a suffix that is no part of the name or by Accept.

    :raises UnknownThingError: if the graph does not know it
    """
    address = f"{BASE}{kind}/{name}" if name else BASE + kind
    if _is_known(address):
        return address, _negotiated()
    stem, form = by_suffix(address, (*GRAPHS, HTML))
    if form is not None and _is_known(stem):
        return stem, _negotiated(form)
    message = Message("nothing in the graph is called %(name)s", name=address[:200])
    raise UnknownThingError(message, hint=Message("look for it: /search?q=%(name)s", name=quote(name[:200])))


def locate_vocabulary(kind: str) -> tuple[str, Format]:
    """The IRI of a vocabulary and the format to answer in."""
    return f"{BASE}{kind}/", _negotiated()


def locate_ontology(suffix: str = "") -> tuple[str, Format]:
    """The IRI of the ontology, which has no slash at its end, and the format to answer in.

    :raises UnknownThingError: if there is no format of that suffix
    """
    _, form = by_suffix(f"ontology.{suffix}", (*GRAPHS, HTML))
    if suffix and form is None:
        message = Message("the ontology has no format %(suffix)s", suffix=repr(suffix[:20]))
        raise UnknownThingError(message, hint=Message("try /ontology.ttl"))
    return ONTOLOGY, _negotiated(form)


def locate_release(version: str, suffix: str = "") -> tuple[str, Format]:
    """The version IRI of the ontology and the format to answer in.

    :raises UnknownThingError: if there is no such version
    """
    address, form = f"{BASE}release/{version}/ontology", locate_ontology(suffix)[1]
    if _release_file(address) is None and not _is_known(address):
        raise UnknownThingError(
            Message("no version %(version)s of the ontology was released", version=repr(version[:40]))
        )
    return address, form


def _is_known(iri: str) -> bool:
    thing = node(iri)
    return thing is not None and exists(snapshot().store, thing)


def _negotiated(ending: Format | None = None) -> Format:
    return choose((*GRAPHS, HTML), request.accept_mimetypes, request.args, ending)


def resource(iri: str, form: Format) -> Response:
    """A named graph as it is; the description of anything else."""
    thing = NamedNode(iri)
    if thing in GRAPH and snapshot().store.contains_named_graph(thing):
        refuse_unknown("format")
        return graph_content(thing, form)
    return describe(iri, form)


def vocabulary(iri: str, form: Format) -> Response:
    """A whole vocabulary: the ontology, all concepts, or all shapes."""
    return graph_content(VOCABULARIES[iri.removeprefix(BASE).rstrip("/")], form)


def release(iri: str, form: Format) -> Response:
    """The ontology as it was released in a version; the version that is being worked on, as it stands."""
    path = _release_file(iri)
    if path is None:
        return graph_content(GRAPH.ontology, form)

    def write() -> bytes:
        return serialise(parse(path=path, format=RdfFormat.TURTLE), form.name)

    response = signpost(conditional((iri, form.name), form.content_type, write), iri)
    response.headers["Content-Disposition"] = form.disposition(f"ontology-{path.stem}")
    return response


def _release_file(iri: str) -> Path | None:
    version = iri.removeprefix(BASE).split("/")[1]
    path: Path = current_app.config["WEB"].graph.ontology / "releases" / f"{version}.ttl"
    return path if re.fullmatch(r"\d+\.\d+\.\d+", version) and path.is_file() else None


def graph_content(graph: NamedNode, form: Format) -> Response:
    """All triples of a named graph, from a file that is written once."""
    current = snapshot()
    file = file_store().get(current, GRAPH_FORMATS[form.name], graph)
    response = send(current, file, form.content_type)
    response.headers["Content-Disposition"] = form.disposition(graph.value)
    response.vary.add("Accept")
    return signpost(response, graph.value)
