"""Builds the graph: from the files to a snapshot that is current. One way, each step once.

Nothing is printed; an error in the files stops the build, and the old snapshot continues to be served.
"""

import gc
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from kg import pipeline, snapshot
from kg.accept import Acceptance, accept
from kg.assemble import assemble
from kg.catalogue import describe
from kg.check import raise_for_errors
from kg.degrees import degrees_of, write_degrees
from kg.errors import UsageError
from kg.executables import describe_queries
from kg.namespaces import PREFIXES
from kg.pipeline import EntailedGraph, Files, Progress, StepTimer, Warnings
from kg.quad_builder import in_graph
from kg.query import load_queries
from kg.read import graph_of, read_document
from kg.rules.files import rules_as_quads
from kg.search import FORMAT, INDEX, write_index
from kg.settings import Settings
from kg.store import STORE, write_store
from kg.terms import AIP, GRAPH, RDF, is_assertion
from kg.version import VERSION


@dataclass(frozen=True)
class BuildReport:
    """What a build made.

    :param snapshot: the folder of the snapshot
    :param counts: how many claims, assertions, sources, things, …
    :param seconds: how long each step took
    :param warnings: they do not stop a build
    """

    snapshot: Path
    counts: dict[str, int]
    seconds: dict[str, float]
    warnings: Warnings = ()


def build(
    settings: Settings,
    progress: Progress = pipeline.silent,
    reasoner: str = "rules",
    validator: str = "pyshifty",
    day: date | None = None,
) -> BuildReport:
    """Build the graph and make it the current snapshot.

    :param progress: called as each step begins
    :param reasoner: ``rules`` (compiled OWL 2 RL) or ``owlrl`` (the reference library, slow)
    :param validator: ``pyshifty``, or ``pyshacl`` (the reference library, slow); their reports are equal
    :param day: the day for which current statuses, states and holders hold; today by default
    :raises GraphError: for an error in the files, or if another build is running; nothing is changed then
    """
    for given, known in ((reasoner, pipeline.REASONERS), (validator, pipeline.VALIDATORS)):
        if given not in known:
            raise UsageError(f"there is no {given!r}", hint=f"choose one of: {', '.join(known)}")
    timer = StepTimer(progress)
    with snapshot.lock(settings.snapshots), _without_garbage_collection():
        with timer.step("read"):
            files = Files.read(settings)
        graph = pipeline.entailed_graph(files, timer, reasoner, day)
        # The shapes are checked by an engine outside Python, beside what is done with the quads.
        with ThreadPoolExecutor(max_workers=1) as beside, ExitStack() as unfinished:
            validation = beside.submit(pipeline.validate_graph, files, graph, validator)
            with timer.step("assemble"):
                store = _assemble(settings, files, graph)
                counts = _count(files, graph, store)
            with timer.step("store"):
                name = unfinished.enter_context(_written(settings.snapshots, store, counts, timer.seconds))
            with timer.step("validate"):
                warnings = validation.result()
        folder = snapshot.publish(settings.snapshots, name)
        snapshot.prune(settings.snapshots, settings.keep)
    progress("done", len(pipeline.STEPS), len(pipeline.STEPS))
    return BuildReport(folder, counts, timer.seconds, warnings)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A build makes millions of terms and no cycle of them, so that looking for cycles takes time and frees nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def validate_data(settings: Settings, files: Sequence[Path] = ()) -> Warnings:
    """Everything a build would refuse, without building.

    :param files: only these, checked against all the others, without inference and shapes
    :returns: the warnings, which would not stop a build
    :raises GraphError: for the first kind of error
    """
    read = Files.read(settings)
    if not files:
        return pipeline.validate_graph(read, pipeline.entailed_graph(read, StepTimer()))
    for path in files:
        graph_of(path, settings)
    wanted = {path.resolve() for path in files}
    chosen = [document for document in read.documents if document.path.resolve() in wanted]
    findings = pipeline.check_files(read, chosen)
    raise_for_errors(findings)
    subjects = {quad.subject for document in chosen for quad in document.quads}
    disagreements = accept(read.data, read.vocabulary).disagreements
    here = tuple(disagreement for disagreement in disagreements if disagreement.subject in subjects)
    Acceptance(disagreements=here).raise_for_disagreements(pipeline.today())
    return tuple(findings)


def _assemble(settings: Settings, files: Files, graph: EntailedGraph) -> Store:
    store = assemble(files.ontology, files.data, graph.acceptance.accepted, graph.inferred)
    store.bulk_extend([*describe_queries(load_queries(settings.queries)), *rules_as_quads(files.rules)])
    paths = [settings.ontology / name for name in ("structure.ttl", "catalogue.ttl")]
    cube, catalogue = (read_document(path, GRAPH.catalogue).quads if path.exists() else () for path in paths)
    store.bulk_extend(in_graph(cube, GRAPH.accepted))
    store.bulk_extend(describe([*catalogue, *cube], store, VERSION))
    return store


def _count(files: Files, graph: EntailedGraph, store: Store) -> dict[str, int]:
    claims = [quad for quad in files.data if is_assertion(quad.graph_name)]
    acceptance, space = graph.acceptance, f"<{PREFIXES['id']}"
    typed = [triple.subject for triple in (*acceptance.accepted, *graph.inferred) if triple.predicate == RDF.type]
    kinds = [quad.object for quad in files.descriptions if quad.predicate == RDF.type]
    return {
        "sources": kinds.count(AIP.Source),
        "passages": kinds.count(AIP.Passage),
        "assertions": len({quad.graph_name for quad in claims}),
        "claims": len(claims),
        **graph.statements,
        "things": len({thing for thing in typed if str(thing).startswith(space)}),
        "rulings": kinds.count(AIP.Ruling),
        "links": kinds.count(AIP.LinkCheck),
        "rejected": len(acceptance.rejected),
        "disputed": len(acceptance.disputed),
        "accepted": len(acceptance.accepted),
        "inferred": len(graph.inferred),
        "quads": len(store),
    }


@contextmanager
def _written(snapshots: Path, store: Store, counts: dict[str, int], seconds: dict[str, float]) -> Iterator[str]:
    """A snapshot written to disk, unless there is one of the very same content; whole when the block ends well.

    :returns: the name that it has then
    """
    # The engine keeps numbers by value ("1.50" is 1.5): so the files of a snapshot say what its store says.
    lines = sorted((store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True))
    name = snapshot.new_name(snapshots, lines, f"{VERSION}, {snapshot.ACCEPTED}, search {FORMAT}")
    if (snapshots / name).exists():
        yield name
        return
    with snapshot.new_folder(snapshots, name) as folder:
        dataset = snapshot.write_dataset(folder, lines)
        report = _report(name, snapshot.hash_inputs(lines), counts, seconds)
        (folder / snapshot.REPORT).write_text(report, "utf-8")
        # The engine reads the file into its store and counts outside Python, beside what is written in Python.
        with ThreadPoolExecutor(max_workers=2) as beside:
            stored = beside.submit(write_store, folder / STORE, dataset)
            counted = beside.submit(degrees_of, store)
            write_index(folder / INDEX, store)
            write_degrees(folder, counted.result())
            stored.result()
        yield name


def _report(name: str, inputs: str, counts: dict[str, int], seconds: dict[str, float]) -> str:
    built = datetime.now(UTC).isoformat(timespec="seconds")
    names = {"snapshot": name, "version": VERSION, "inputs": inputs, "built": built}
    content = {**names, "counts": counts, "seconds": seconds}
    return json.dumps(content, indent=2) + "\n"
