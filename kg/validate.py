"""Validates the accepted view against the shapes; a report is a value (https://www.w3.org/TR/shacl/#validation-report)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import rdflib
from pyoxigraph import BlankNode, NamedNode, Quad, Triple
from rdflib.term import Node

from kg.groups import grouped
from kg.namespaces import PREFIXES, shorten
from kg.rdflib_terms import to_graph
from kg.read import Document
from kg.shapes import seen_by
from kg.skolem import GENID
from kg.terms import RDF, Term, is_assertion
from kg.terms import SH as SHACL

SH = rdflib.Namespace(PREFIXES["sh"])
_SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
_INSIDE_A_PATH = {
    *(SHACL.inversePath, SHACL.alternativePath, SHACL.zeroOrMorePath, SHACL.oneOrMorePath, SHACL.zeroOrOnePath),
    *(RDF.first, RDF.rest),
}


@dataclass(frozen=True)
class Result:
    """One error that a shape reports.

    :param severity: ``violation`` (stops the build), ``warning`` or ``info``
    :param focus: IRI of the thing it is about
    :param path: IRI of the property, or a property path as text; ``None`` if the thing as a whole is wrong
    :param value: the wrong value as an N-Triples term, if there is one
    :param message: what is wrong, in English
    :param shape: IRI of the shape
    :param component: IRI of the kind of constraint
    :param assertions: IRIs of the assertions that claim what is wrong
    :param place: where it is written, as ``file:line``
    """

    severity: str
    focus: str
    path: str | None
    value: str | None
    message: str
    shape: str
    component: str
    assertions: tuple[str, ...] = ()
    place: str | None = None

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        path = f" {shorten(self.path)}" if self.path else ""
        value = f" (value {_short(self.value)})" if self.value else ""
        claimed = f"; claimed by {', '.join(map(shorten, self.assertions))}" if self.assertions else ""
        shape = "" if self.shape.startswith(GENID) else f" [{shorten(self.shape)}]"
        return f"{place}{self.severity}: {shorten(self.focus)}{path}: {self.message}{value}{claimed}{shape}"


@dataclass(frozen=True)
class Report:
    """All results of a validation, the gravest first."""

    results: tuple[Result, ...] = ()

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that stop a build."""
        return tuple(result for result in self.results if result.severity == "violation")

    @property
    def conforms(self) -> bool:
        """Whether no result stops a build."""
        return not self.violations

    def without_missing(self, statements: Iterable[tuple[Term, Term]]) -> Report:
        """The report without the values that are missing because they are disputed.

        :param statements: subject and property of what is disputed
        """
        disputed = {(str(subject), str(predicate)) for subject, predicate in statements}
        missing = str(SH.MinCountConstraintComponent)
        results = [(one, one.component == missing, (f"<{one.focus}>", f"<{one.path}>")) for one in self.results]
        return Report(tuple(one for one, is_missing, what in results if not is_missing or what not in disputed))

    def __str__(self) -> str:
        return "\n".join(map(str, self.results))


def validate(
    accepted: Iterable[Triple], shapes: Iterable[Quad], ontology: Iterable[Quad], engine: str = "pyshifty"
) -> Report:
    """The report of the accepted view.

    :param shapes: the shapes, blank nodes skolemised
    :param ontology: ontology and concepts, which say what is a class below which
    :param engine: ``pyshifty``, or ``pyshacl``, the reference; the tests hold their reports equal. Measured on the
        shapes of the project: 16,000 triples 0.6 s and 3.1 s, 74,000 triples 2.1 s and 13.8 s
    """
    shapes = list(shapes)
    shape_graph = to_graph(_with_blank_paths([quad.triple for quad in shapes]))
    if not len(shape_graph):
        return Report()
    data = seen_by(shapes, [*accepted, *(quad.triple for quad in ontology)])
    run = {"pyshacl": _run_pyshacl, "pyshifty": _run_pyshifty}[engine]
    results = set(_results(run(data, shape_graph), shape_graph))
    return Report(tuple(sorted(results, key=_order)))


def _order(result: Result) -> tuple[int, str]:
    return list(_SEVERITIES.values()).index(result.severity), repr(result)


def _run_pyshacl(data: list[Triple], shapes: rdflib.Graph) -> rdflib.Graph:
    from pyshacl import validate as run

    _, report, _ = run(to_graph(data), shacl_graph=shapes, inference="none", inplace=True)
    if not isinstance(report, rdflib.Graph):
        raise report if isinstance(report, Exception) else RuntimeError(str(report))
    return report


def _run_pyshifty(data: list[Triple], shapes: rdflib.Graph) -> rdflib.Graph:
    from shifty import validate as run

    text = "".join(f"{triple} .\n" for triple in data)
    _, report, _ = run(text, shapes, graph_mode="data", infer=False, on_unsupported="error")
    return report


def _results(report: rdflib.Graph, shapes: rdflib.Graph) -> Iterator[Result]:
    for node in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        value = report.value(node, SH.value)
        shape = report.value(node, SH.sourceShape)
        path = report.value(node, SH.resultPath)
        if isinstance(path, rdflib.BNode):  # pyshifty does not copy it into the report
            path = shapes.value(shape, SH.path)
        severity = report.value(node, SH.resultSeverity)
        yield Result(
            severity=_SEVERITIES[rdflib.URIRef(str(severity))],
            focus=str(report.value(node, SH.focusNode)),
            path=None if path is None else _path(shapes, path),
            value=None if value is None or isinstance(value, rdflib.BNode) else value.n3(),
            message=_message(report, node),
            shape=str(shape),
            component=str(report.value(node, SH.sourceConstraintComponent)),
        )


def _message(report: rdflib.Graph, node: Node) -> str:
    """The English message; one without a language else."""
    messages = sorted(m for m in report.objects(node, SH.resultMessage) if isinstance(m, rdflib.Literal))
    best = min(messages, key=lambda m: (m.language != "en", m.language is not None), default="")
    return str(best)


def _path(shapes: rdflib.Graph, path: Node) -> str:
    """A path as in SPARQL: the IRI of a property, ``^`` for the way back, ``/`` for a sequence."""
    if isinstance(path, rdflib.URIRef):
        return str(path)
    inverse = shapes.value(path, SH.inversePath)
    if inverse is not None:
        return f"^{shorten(_path(shapes, inverse))}"
    steps = [shorten(_path(shapes, step)) for step in shapes.items(path)]
    return "/".join(steps) if steps else "a path"


def with_provenance(report: Report, documents: Iterable[Document]) -> Report:
    """The report with the assertions behind each result, and the place of each.

    The assertions are those of the wrong value, else of the property, else of the thing; the place is where the first
    of them says it, else where the thing is described.

    :param documents: the files of the data
    """
    wanted = {result.focus for result in report.results}
    quads = ((quad, document) for document in documents for quad in document.quads)
    described = grouped(
        (quad.subject.value, (quad, document))
        for quad, document in quads
        if isinstance(quad.subject, NamedNode) and quad.subject.value in wanted
    )
    return Report(tuple(_placed(result, described.get(result.focus, [])) for result in report.results))


def _placed(result: Result, described: list[tuple[Quad, Document]]) -> Result:
    assertions = _assertions_behind(result, [quad for quad, _ in described if is_assertion(quad.graph_name)])
    documents: dict[str | None, Document] = {}
    for quad, document in described:
        documents.setdefault(quad.graph_name.value if is_assertion(quad.graph_name) else None, document)  # type: ignore[union-attr]
    for graph in (*assertions, *documents):
        document = documents[graph]
        place = f"{document.path}:{document.line(result.focus, result.path, graph) or 1}"
        return replace(result, assertions=assertions, place=place)
    return result


def _assertions_behind(result: Result, quads: list[Quad]) -> tuple[str, ...]:
    of_path = [quad for quad in quads if quad.predicate.value == result.path]
    of_value = [quad for quad in of_path if str(quad.object) == result.value]
    return tuple(sorted({quad.graph_name.value for quad in of_value or of_path or quads}))  # type: ignore[union-attr]


def _short(term: str) -> str:
    return shorten(term[1:-1]) if term.startswith("<") else term


def _with_blank_paths(shapes: list[Triple]) -> Iterator[Triple]:
    """Shapes whose complex paths are blank nodes again: SHACL knows them by that."""
    blank: dict[Term, BlankNode] = {}
    known = -1
    while known != len(blank):
        known = len(blank)
        for triple in shapes:
            predicate, value = triple.predicate, triple.object
            inside = predicate == SHACL.path or (predicate in _INSIDE_A_PATH and triple.subject in blank)
            if inside and isinstance(value, NamedNode) and value.value.startswith(GENID):
                blank[value] = BlankNode(value.value.rsplit("/", 1)[1])
    for triple in shapes:
        subject = blank.get(triple.subject, triple.subject)
        yield Triple(subject, triple.predicate, blank.get(triple.object, triple.object))
