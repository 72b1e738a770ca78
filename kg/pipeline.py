"""From the files to a validated accepted view: read, accept, reason, check, validate.

A wrong file, a disagreement, a contradiction or a broken shape is an error that says where.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, partial

from pyoxigraph import Quad, Triple

from kg.accept import Acceptance, accept
from kg.beside import Beside
from kg.check import Finding, Index, check, raise_for_errors
from kg.date_bounds import add_date_bounds
from kg.errors import ShapeError
from kg.history import derive
from kg.origins import add_origins
from kg.read import Document, read_data, read_ontology
from kg.rules import Rule
from kg.rules.files import read_rules
from kg.settings import Settings
from kg.skolem import skolemise
from kg.statements import count_statements
from kg.support import add_support
from kg.tables import read_tables
from kg.tables.links import FILE_NAME, read_links
from kg.terms import GRAPH
from kg.validate import Result, validate, with_provenance
from kg.vocabulary import Vocabulary

STEPS = ("read", "accept", "reason", "history", "check", "assemble", "store", "validate")
REASONERS = ("rules", "owlrl")
VALIDATORS = ("pyshifty", "pyshacl")
Progress = Callable[[str, int, int], None]
"""Called as each step begins with its name, how many are done and how many there are."""
Warnings = tuple[Finding | Result, ...]

_DESCRIPTIONS = {GRAPH.sources, GRAPH.rulings, GRAPH.coverage, GRAPH.links}


def silent(step: str, done: int, total: int) -> None:
    """Progress that is not reported."""


@dataclass
class StepTimer:
    """Times the steps and reports each as it begins."""

    progress: Progress = silent
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time the block as the step of that name."""
        self.progress(name, STEPS.index(name), len(STEPS))
        begin = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begin, 3)


@dataclass(frozen=True)
class Files:
    """The contents of the files, read once.

    :param ontology: ontology, concepts and shapes, blank nodes skolemised
    :param documents: the data, a document a file
    """

    ontology: list[Quad]
    documents: list[Document]
    vocabulary: Vocabulary
    rules: list[Rule]

    @classmethod
    def read(cls, settings: Settings) -> Files:
        """Read ontology, rules and data.

        :raises SyntaxDataError: if a file is not valid
        """
        ontology = [quad for document in read_ontology(settings) for quad in skolemise(document.quads)]
        rules = read_rules(settings.ontology / "rules")
        documents = read_data(settings)
        documents += read_tables(settings.data / "sources", documents)
        if (links := settings.data / FILE_NAME).exists():
            documents.append(read_links(links, ontology, documents))
        return cls(ontology, documents, Vocabulary.from_quads(ontology), rules)

    @cached_property
    def data(self) -> list[Quad]:
        """Every quad of the data files."""
        return [quad for document in self.documents for quad in document.quads]

    @cached_property
    def axioms(self) -> list[Quad]:
        """Ontology and concepts, without the shapes."""
        return [quad for quad in self.ontology if quad.graph_name != GRAPH.shapes]

    @cached_property
    def shapes(self) -> list[Quad]:
        """The shapes alone."""
        return [quad for quad in self.ontology if quad.graph_name == GRAPH.shapes]

    @cached_property
    def descriptions(self) -> list[Quad]:
        """What describes sources, rulings, coverage and links."""
        return [quad for quad in self.data if quad.graph_name in _DESCRIPTIONS]


@dataclass(frozen=True)
class EntailedGraph:
    """What is accepted and what follows from it: consistent, without open disagreement.

    :param findings: the warnings about the files
    :param statements: how much the sources state
    """

    acceptance: Acceptance
    inferred: set[Triple]
    findings: tuple[Finding, ...]
    statements: Mapping[str, int]


def check_files(files: Files, documents: Iterable[Document]) -> list[Finding]:
    """The errors and warnings about some of the files, checked against all of them."""
    return check(documents, files.vocabulary, Index.of(files.documents, files.vocabulary))


def entailed_graph(files: Files, timer: StepTimer, reasoner: str = "rules", day: date | None = None) -> EntailedGraph:
    """Everything from the files to the accepted view with what follows from it; what needs the files alone is computed
    beside that.

    :param reasoner: ``rules`` (compiled OWL 2 RL) or ``owlrl`` (the reference library, slow)
    :param day: the day for which current statuses, states and holders hold; today by default
    :raises GraphError: for whatever does not hold
    """
    checked = Beside(partial(check_files, files, files.documents))
    counted = Beside(partial(_support_and_statements, files))
    try:
        acceptance, reasoned = _accept_and_reason(files, timer, reasoner)
        with timer.step("history"):
            support, statements = counted.result()
            inferred = _with_history(files, acceptance.accepted, {*reasoned, *support}, day or today())
    except Exception:
        raise_for_errors(checked.result())  # an error in a file is the reason for any other
        raise
    with timer.step("check"):
        findings = checked.result()
        raise_for_errors(findings)
    return EntailedGraph(acceptance, inferred, tuple(findings), statements)


def _accept_and_reason(files: Files, timer: StepTimer, reasoner: str) -> tuple[Acceptance, set[Triple]]:
    with timer.step("accept"):
        acceptance = accept(files.data, files.vocabulary)
        acceptance.raise_for_disagreements(today())
    with timer.step("reason"):
        return acceptance, _reason(files, acceptance.accepted, reasoner)


def _support_and_statements(files: Files) -> tuple[list[Triple], dict[str, int]]:
    return _support(files), count_statements(files.data, files.vocabulary)


def entailed(files: Files, accepted: set[Triple], day: date) -> set[Triple]:
    """What follows from accepted claims, with the periods computed from it, unchecked.

    :param day: the day for which current statuses, states and holders hold
    """
    return _with_history(files, accepted, {*_reason(files, accepted, "rules"), *_support(files)}, day)


def _support(files: Files) -> list[Triple]:
    return add_support([*files.data, *files.axioms])


def today() -> date:
    """The day of a build, and the date that a drafted ruling bears."""
    return datetime.now(UTC).date()


def _reason(files: Files, accepted: set[Triple], reasoner: str) -> set[Triple]:
    """The bounds of all dates, the origins of the sources, and what follows from the accepted claims."""
    if reasoner == "owlrl":
        from kg.reason.owlrl import materialise
    else:
        from kg.reason import materialise
    descriptions = {quad.triple for quad in files.descriptions}
    bounds = add_date_bounds(accepted | descriptions, files.vocabulary)
    inference = materialise([*accepted, *bounds], [quad.triple for quad in files.axioms], files.rules)
    return {*bounds, *add_origins(descriptions), *inference.triples}


def _with_history(files: Files, accepted: set[Triple], inferred: set[Triple], day: date) -> set[Triple]:
    """What follows, with the periods computed from it."""
    known = {*accepted, *inferred, *(quad.triple for quad in (*files.descriptions, *files.axioms))}
    return {*inferred, *derive(known, files.data, files.vocabulary, day)}


def validate_graph(files: Files, graph: EntailedGraph, validator: str = "pyshifty") -> Warnings:
    """The warnings about the files, the accepted view and the descriptions.

    :param validator: ``pyshifty``, or ``pyshacl`` (the reference library, slow)
    :raises ShapeError: if they break a shape
    """
    acceptance = graph.acceptance
    view = {*acceptance.accepted, *graph.inferred, *(quad.triple for quad in files.descriptions)}
    disputed = {(triple.subject, triple.predicate) for triple in acceptance.disputed}
    report = validate(view, files.shapes, files.axioms, validator).without_missing(disputed)
    report = with_provenance(report, files.documents)
    if not report.conforms:
        count = len(report.violations)
        raise ShapeError(
            f"the accepted view breaks shapes in {f'{count} places' if count > 1 else 'one place'}",
            report.violations,
            hint="fix the claims named, or write a ruling where a source is wrong",
        )
    return (*graph.findings, *report.results)
