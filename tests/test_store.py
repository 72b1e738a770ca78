"""The store: what goes in comes out, many may read at once, and a missing or broken snapshot says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from kg.errors import SnapshotError
from kg.namespaces import expand
from kg.skolem import GENID, skolemise
from kg.store import load, open_snapshot, write_store
from kg.terms import GRAPH

QUADS = [
    Quad(
        NamedNode(expand(f"id:kz-{number}")),
        NamedNode(expand("rdfs:label")),
        Literal(f"Закон {number}", language="ru"),
        GRAPH.accepted,
    )
    for number in range(500)
]
SHAPES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX ex: <https://example.org/>
ex:a sh:property [ sh:path [ sh:inversePath ex:p ] ; sh:in ( 1 2 3 ) ] .
ex:b sh:property [ sh:in ( 1 2 3 ) ; sh:path [ sh:inversePath ex:p ] ] , [ sh:path ex:p ; sh:in ( 1 2 ) ] .
"""


def test_in_memory() -> None:
    assert set(load(QUADS)) == set(QUADS)


def test_on_disk_is_read_only_and_open_to_many(tmp_path: Path) -> None:
    write_store(tmp_path / "store", QUADS)
    first, second = open_snapshot(tmp_path), open_snapshot(tmp_path)
    assert set(first) == set(second) == set(QUADS)
    with pytest.raises(RuntimeError, match="read-write"):
        first.add(QUADS[0])


def test_a_store_of_a_file_is_that_of_its_quads(tmp_path: Path) -> None:
    with (tmp_path / "dataset.nq").open("wb") as file:
        serialize(QUADS, file, format=RdfFormat.N_QUADS)
    write_store(tmp_path / "store", tmp_path / "dataset.nq")
    assert set(open_snapshot(tmp_path)) == set(QUADS)


def test_another_process_can_read_while_one_reads(tmp_path: Path) -> None:
    write_store(tmp_path / "store", QUADS)
    here = open_snapshot(tmp_path)
    script = "import sys; from pathlib import Path; from kg.store import open_snapshot\n"
    script += "print(len(open_snapshot(Path(sys.argv[1]))))"
    there = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        check=True,
        text=True,
    )
    assert int(there.stdout) == len(here) == len(QUADS)


def test_no_snapshot_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="no snapshot") as caught:
        open_snapshot(tmp_path / "current")
    assert caught.value.hint == "run: kg build"


def test_a_damaged_snapshot_says_so(tmp_path: Path) -> None:
    write_store(tmp_path / "store", QUADS)
    (tmp_path / "store" / "CURRENT").write_text("nothing\n")
    with pytest.raises(SnapshotError, match="cannot be read"):
        open_snapshot(tmp_path)


def read_shapes(text: str = SHAPES) -> list[Quad]:
    return list(parse(text, format=RdfFormat.TURTLE))


def test_skolem_names_do_not_depend_on_blank_node_labels() -> None:
    first, second = skolemise(read_shapes()), skolemise(read_shapes())
    assert set(first) == set(second)
    assert not any(isinstance(term, BlankNode) for quad in first for term in (quad.subject, quad.object))


def test_equal_blank_nodes_become_one_and_others_do_not() -> None:
    names = {quad.object for quad in skolemise(read_shapes()) if quad.predicate.value.endswith("#property")}
    assert len(names) == 2
    assert all(str(name).startswith(f"<{GENID}") for name in names)


def test_a_long_list_is_no_problem() -> None:
    members = " ".join(str(number) for number in range(5000))
    quads = read_shapes(f"<https://example.org/a> <https://example.org/p> ( {members} ) .")
    assert len({quad.subject for quad in skolemise(quads)}) == 5001


def test_a_loop_of_blank_nodes_is_refused() -> None:
    with pytest.raises(ValueError, match="back to itself"):
        skolemise(read_shapes("PREFIX : <urn:x:> _:a :p _:b . _:b :q _:c . _:c :r _:a ."))


def test_skolem_names_are_the_same_under_any_hash_seed() -> None:
    script = "import sys; from pyoxigraph import *; from kg.skolem import skolemise\n"
    script += "print(sorted(map(str, skolemise(parse(sys.argv[1], format=RdfFormat.TURTLE)))))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", script, SHAPES],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
