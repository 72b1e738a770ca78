"""What a model can read: the ontology, the shapes, the concepts, the list of questions, and every thing."""

import json
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.errors import UnknownThingError
from kg.formats import GRAPH_FORMATS
from kg.namespaces import BASE, PREFIXES
from kg.terms import GRAPH
from web.answers.description import describe_as
from web.answers.files import file_store
from web.answers.formats import GRAPHS
from web.snapshot import snapshot

TURTLE = "text/turtle"
TEMPLATE = PREFIXES["id"] + "{name}"
"""The addresses of all things."""


class Resource(NamedTuple):
    """Something to read."""

    uri: str
    name: str
    description: str
    media_type: str = TURTLE


RESOURCES = (
    Resource(BASE + "ontology", "ontology", "Classes and properties with labels and definitions, in Turtle."),
    Resource(GRAPH.shapes.value, "schema", "The shapes (SHACL) that data must meet: which class has which properties."),
    Resource(GRAPH.concepts.value, "concepts", "Kinds, topics, statuses and other concepts with labels, in Turtle."),
    Resource(PREFIXES["query"], "questions", "All canned questions with their parameters.", "application/json"),
)
_GRAPHS = {BASE + "ontology": GRAPH.ontology, GRAPH.shapes.value: GRAPH.shapes, GRAPH.concepts.value: GRAPH.concepts}


def read(uri: str) -> tuple[str, str]:
    """The media type and the text of a resource.

    :raises UnknownThingError: if there is none of that address
    """
    if uri in _GRAPHS:
        file = file_store().get(snapshot(), GRAPH_FORMATS["turtle"], _GRAPHS[uri])
        return TURTLE, file.path.read_text("utf-8")
    if uri == PREFIXES["query"]:
        return "application/json", _questions()
    if uri.startswith(tuple(PREFIXES[name] for name in ("id", "aip", "concept", "source", "passage", "assertion"))):
        return TURTLE, describe_as(NamedNode(uri).value, GRAPHS[0]).decode()
    raise UnknownThingError(f"there is no resource {uri[:200]!r}", hint=f"there are: {TEMPLATE} and those listed")


def _questions() -> str:
    listed = [
        {
            "question": query.summary,
            "slug": query.slug,
            "description": query.description,
            "parameters": [{"name": p.name, "type": p.kind, "description": p.description} for p in query.parameters],
        }
        for query in snapshot().queries.values()
    ]
    return json.dumps(listed, ensure_ascii=False, indent=1)
