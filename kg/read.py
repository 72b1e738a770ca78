"""Reads the files of ontology and data into quads (Turtle and TriG, https://www.w3.org/TR/trig/).

The named graph of a file follows from its folder; a TriG file names its graphs itself.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from kg.errors import GraphError, SyntaxDataError, UsageError
from kg.namespaces import PREFIXES
from kg.positions import Statement, line_of, read_statements
from kg.settings import Settings
from kg.terms import GRAPH, Term
from kg.text_files import read_text

_SINGLE_FILES = {"editorial.ttl": GRAPH.editorial, "coverage.ttl": GRAPH.coverage, "rulings.ttl": GRAPH.rulings}
_WHERE = re.compile(r"^Parser error (?:at|between) line .*?: (?=\S)")
_HINTS = {
    "\ufeff": "save the file as UTF-8 without a byte order mark",
    "has not been declared": "declare the prefix at the top of the file",
    "Unexpected end": "a quote, a bracket or the last dot is missing above this line",
    "A dot is expected": "end the statement above with a dot, or go on with a semicolon",
    "not a valid subject": "the text before this may lack a dot, a quote or a bracket",
    "not a valid RDF object": "write text in straight quotes, true and false in small letters",
    "No scheme found": "write the whole address, with https://",
}

Graph = NamedNode | BlankNode | DefaultGraph
Subject = NamedNode | BlankNode | Triple
Values = Mapping[NamedNode, Sequence[Term]]
"""What one graph says of one subject: the values of each property."""


@dataclass(frozen=True)
class Document:
    """The contents of one file.

    :param path: the file
    :param quads: its quads, each in the graph it goes to
    """

    path: Path
    quads: tuple[Quad, ...]

    @cached_property
    def descriptions(self) -> Mapping[tuple[Graph, Subject], Values]:
        """The values of each property, by graph and subject."""
        nodes: dict[tuple[Graph, Subject], dict[NamedNode, list[Term]]] = {}
        for quad in self.quads:
            node = nodes.setdefault((quad.graph_name, quad.subject), {})
            node.setdefault(quad.predicate, []).append(quad.object)
        return nodes

    @cached_property
    def statements(self) -> list[Statement]:
        """The triples with their lines; the file is read again only when a line is needed."""
        try:
            return read_statements(read_text(self.path))
        except (GraphError, ValueError, SyntaxError):  # it is gone, or another by now
            return []

    def line(self, subject: str, property_: str | None = None, graph: str | None = None) -> int | None:
        """The line, counted from 1, on which a subject is described (or mentioned, if it is not).

        :param subject: IRI of the subject; ``[]`` for a blank node
        :param property_: IRI of a property; its line is preferred to that of the subject
        :param graph: IRI of the named graph that is meant, in a TriG file
        """
        return line_of(self.statements, subject, property_, graph)


def read_document(path: Path, graph: NamedNode | None = None) -> Document:
    """The contents of one file.

    :param path: a Turtle or TriG file
    :param graph: the graph for triples of no named graph; ``None`` leaves them in the default graph
    :raises SyntaxDataError: if the file is not valid; names file and line
    :raises UsageError: if it cannot be read, or its ending is neither .ttl nor .trig
    """
    formats = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}
    if path.suffix not in formats:
        raise UsageError(f"{path} is neither Turtle nor TriG", hint="the name ends in .ttl or .trig")
    try:
        quads = tuple(parse(read_text(path), format=formats[path.suffix]))
    except SyntaxError as error:
        raise _syntax_error(path, error) from error
    return Document(path, quads if graph is None else _in_graph(quads, graph))


def read_ontology(settings: Settings) -> list[Document]:
    """The ontology, the concepts and the shapes of the data, in the order of their names.

    :raises SyntaxDataError: if a file is not valid
    """
    folder = settings.ontology
    files = {folder / f"{name}.ttl": GRAPH.ontology for name in ("ai-policy", "external", "sentences")}
    files |= dict.fromkeys(sorted((folder / "concepts").glob("*.ttl")), GRAPH.concepts)
    files[folder / "shapes.ttl"] = GRAPH.shapes
    return [read_document(path, graph) for path, graph in files.items() if path.exists()]


def read_data(settings: Settings, files: Iterable[Path] | None = None) -> list[Document]:
    """The documents of the data folder, in the order of their names.

    :param files: only these
    :raises SyntaxDataError: if a file is not valid
    :raises UsageError: if one of the files has no place in the data folder
    """
    paths = data_files(settings) if files is None else files
    return [read_document(path, graph_of(path, settings)) for path in paths]


def data_files(settings: Settings) -> list[Path]:
    """The files of the data folder: registry, editorial, coverage, rulings and sources."""
    single = [settings.data / name for name in sorted(_SINGLE_FILES)]
    return [
        *sorted((settings.data / "registry").glob("*.ttl")),
        *(path for path in single if path.exists()),
        *sorted((settings.data / "sources").glob("*/*.trig")),
    ]


def graph_of(path: Path, settings: Settings) -> NamedNode | None:
    """The graph that a data file goes to by its place; ``None`` for TriG and tables, which name their graphs.

    :raises UsageError: if the file has no place in the data folder
    """
    try:
        place = path.resolve().relative_to(settings.data.resolve()).parts
    except ValueError:
        place = ()
    match place:
        case ("registry", _) if path.suffix == ".ttl":
            return GRAPH.registry
        case ("sources", _, _) if path.suffix in (".trig", ".csv"):
            return None
        case ("links.csv",):
            return None
        case (name,) if name in _SINGLE_FILES:
            return _SINGLE_FILES[name]
    names = ", ".join(sorted(_SINGLE_FILES))
    raise UsageError(
        f"{path} has no place in {settings.data}",
        hint=f"data files are registry/<country>.ttl, sources/<country>/<source>.trig or .csv, links.csv, {names}",
    )


def _in_graph(quads: Iterable[Quad], graph: NamedNode) -> tuple[Quad, ...]:
    """The quads, those of the default graph in the given one."""
    default = DefaultGraph()
    return tuple(
        Quad(quad.subject, quad.predicate, quad.object, graph) if quad.graph_name == default else quad for quad in quads
    )


def _syntax_error(path: Path, error: SyntaxError) -> SyntaxDataError:
    message = _WHERE.sub("", error.msg)
    hint = next((hint for part, hint in _HINTS.items() if part in message), None)
    undeclared = re.match(r"The prefix (\w+): has not been declared", message)
    if undeclared and undeclared[1] in PREFIXES:
        hint = f"add at the top: @prefix {undeclared[1]}: <{PREFIXES[undeclared[1]]}> ."
    return SyntaxDataError(message, path=path, line=error.lineno, hint=hint)
