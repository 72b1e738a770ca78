"""Every tool: its name, what it is for, its arguments as a JSON Schema, and what runs it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from web.memo import Kind
from web.snapshot import Snapshot
from web.views.mcp import arguments, lookups, questions
from web.views.mcp.arguments import Json
from web.views.mcp.query import sparql
from web.views.mcp.searching import search

PREFIX = "ask_"
"""What the names of the tools made of questions begin with."""
_RUNS: Mapping[str, Callable[[Mapping[str, Any]], Json]] = {
    "search": search,
    "describe": lookups.describe,
    "evidence": lookups.evidence,
    "explain": lookups.explain,
    "sparql": sparql,
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
        arguments.check_names(given, self.schema["properties"])
        return self.run(given)


_TOOLS: Kind[dict[str, Tool]] = Kind("tools of agents")


def tools(current: Snapshot) -> dict[str, Tool]:
    """The tools of a snapshot by name."""
    return current.memo.get(_TOOLS, None, lambda: {tool.name: tool for tool in (*_fixed(), *_asking(current))})


def _fixed() -> list[Tool]:
    described = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
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
