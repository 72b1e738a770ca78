"""What the server has: every tool with its arguments as a JSON Schema and what runs it, and what a model can read."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from kg.errors import UnknownThingError
from kg.formats import GRAPH_FORMATS
from kg.namespaces import BASE, PREFIXES
from kg.terms import GRAPH
from kg.text_files import read_yaml
from web.answers.description import describe_as
from web.answers.files import file_store
from web.answers.formats import GRAPHS
from web.memo import Kind
from web.snapshot import Snapshot, snapshot
from web.views.mcp import arguments, lookups, questions
from web.views.mcp.arguments import Json

PREFIX = "ask_"
"""What the names of the tools made of questions begin with."""
_RUNS: Mapping[str, Callable[[Mapping[str, Any]], Json]] = {
    run.__name__: run for run in (lookups.search, lookups.describe, lookups.evidence, lookups.explain, lookups.sparql)
}


@dataclass(frozen=True)
class Tool:
    """A tool.

    :param schema: of its arguments
    :param run: takes the arguments and returns the answer
    """

    name: str
    title: str
    description: str
    schema: Json
    run: Callable[[Mapping[str, Any]], Json]

    def call(self, given: Mapping[str, Any]) -> Json:
        """The answer to a call.

        :raises GraphError: if an argument is wrong or there is no answer; says what to do
        """
        arguments.check(given, self.schema["properties"])
        return self.run(given)


_TOOLS: Kind[dict[str, Tool]] = Kind("tools of agents")


def tools(current: Snapshot) -> dict[str, Tool]:
    """The tools of a snapshot by name."""
    return current.memo.get(_TOOLS, None, lambda: {tool.name: tool for tool in (*_fixed(), *_asking(current))})


def _fixed() -> list[Tool]:
    described = read_yaml(Path(__file__).with_suffix(".yaml"))
    return [
        Tool(name, described[name]["title"], described[name]["description"].strip(), described[name]["schema"], run)
        for name, run in _RUNS.items()
    ]


def _asking(current: Snapshot) -> list[Tool]:
    return [
        Tool(
            PREFIX + family.replace("-", "_"),
            f"Questions about {family.replace('-', ' ')}",
            questions.describe(queries),
            questions.schema(current, queries),
            partial(questions.ask, queries),
        )
        for family, queries in questions.families(current).items()
    ]


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
