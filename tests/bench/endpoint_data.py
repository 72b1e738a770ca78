"""Graphs of a size, and questions about them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Collection
from pathlib import Path
from zlib import crc32

from kg import snapshot
from kg.degrees import degrees_of, write_degrees
from kg.namespaces import PREFIXES
from kg.store import STORE, open_snapshot, write_store

COUNTRIES = ("kz", "uz", "kg", "tj", "tm")
PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("aip", "concept", "graph", "id", "rdfs", "xsd"))
LOOK_UPS = ("look-up", "label", "evidence")
"""The kinds that can only look at few quads, so that they run in the web process."""
# The kinds of ad-hoc query; % is a thing, @ a country.
KINDS = {
    "look-up": "SELECT ?p ?o { GRAPH graph:accepted { <%> ?p ?o } }",
    "label": 'SELECT ?l { GRAPH graph:accepted { <%> rdfs:label ?l } FILTER(LANG(?l) = "en") }',
    "evidence": "SELECT ?g ?p ?o ?s { GRAPH ?g { <%> ?p ?o } "
    "GRAPH graph:sources { ?g aip:inPassage ?x . ?x aip:inSource ?s } }",
    "join": "SELECT ?t ?l ?d { GRAPH graph:accepted { ?t a aip:Law ; aip:country id:@ ; rdfs:label ?l . "
    "?e aip:of ?t ; aip:stage ?s ; aip:earliest ?d } } LIMIT 100",
    "dates": "SELECT ?e ?d { GRAPH graph:accepted { ?e aip:of ?t ; aip:earliest ?d . ?t aip:country id:@ } "
    'FILTER(?d <= "2025-06-30"^^xsd:date) } ORDER BY ?d LIMIT 50',
    "optional": "SELECT ?b ?l ?w { GRAPH graph:accepted { ?b a aip:Body ; aip:country id:@ ; rdfs:label ?l "
    "OPTIONAL { ?x aip:responsibleBody ?b . ?x rdfs:label ?w } } } LIMIT 200",
    "count": "SELECT ?c (COUNT(*) AS ?n) { GRAPH graph:accepted { ?s a ?c ; aip:country id:@ } } "
    "GROUP BY ?c ORDER BY DESC(?n)",
    "words": 'SELECT ?s ?l { GRAPH graph:accepted { ?s rdfs:label ?l } FILTER(CONTAINS(LCASE(?l), "@")) } LIMIT 50',
}
_COPIED = re.compile(r"(graph/(accepted|sources|registry)|/assertion/[^>]*)> \.$")
_ROOTS = re.compile(r"policy/(?:id|assertion|passage|source)/([^>]+?)(?:--[^>]*|\.\d+)?>")
"""The names of the things that a line is about, without those of their steps, wordings and passages."""
_THINGS = re.compile(r"^<(\S+/id/[^>]+)> <\S+#type> <\S+ontology/(?:Law|Ministry|Target)> <\S+graph/accepted>")


def grown(dataset: Path, quads: int, folder: Path) -> Path:
    """A folder of snapshots whose one is the given one, copied under other names until it has so many quads.

    The countries and the vocabulary stay one, so that the copies hang on them.
    """
    lines = set(dataset.read_text("utf-8").splitlines())
    copied = [line for line in sorted(lines) if _COPIED.search(line)]
    names = re.compile(rf"policy/(id|assertion|passage|source)/(?!(?:{'|'.join(COUNTRIES)})>)")
    turn = 0
    while len(lines) < quads:
        turn += 1
        for line in copied:
            lines.add(names.sub(rf"policy/\1/c{turn}-", line))
            if len(lines) == quads:
                break
    return _published(lines, folder)


def resized(dataset: Path, quads: int, folder: Path) -> Path:
    """A folder of snapshots whose one is the given one, grown or thinned to about so many quads."""
    with dataset.open("rb") as lines:
        is_larger = sum(1 for _ in lines) > quads
    return thinned(dataset, quads, folder, ()) if is_larger else grown(dataset, quads, folder)


def thinned(dataset: Path, quads: int, folder: Path, kept: Collection[str]) -> Path:
    """A folder of snapshots whose one is about so large a part of the given one, with all that is said of some things.

    What is left out is left out with all that is said of it; the vocabulary stays.

    :param kept: the names of things that stay
    """
    lines = [line for line in dataset.read_text("utf-8").splitlines() if "/graph/inferred> ." not in line]
    movable = [line for line in lines if _COPIED.search(line)]
    share = 100 * (quads - len(lines) + len(movable)) / len(movable)

    def stays(line: str) -> bool:
        roots = _ROOTS.findall(line.rpartition(" <")[0])
        return any(root in kept for root in roots) or crc32(roots[0].encode() if roots else b"") % 100 < share

    return _published({line for line in lines if not _COPIED.search(line) or stays(line)}, folder)


def _published(lines: set[str], folder: Path) -> Path:
    """A folder of snapshots with these quads as the current one."""
    folder.mkdir(parents=True, exist_ok=True)
    with snapshot.new_folder(folder, name := f"{len(lines):016x}") as place:
        snapshot.write_dataset(place, [f"{line}\n".encode() for line in sorted(lines)])
        lines.clear()
        write_store(place / STORE, place / snapshot.DATASET)
        write_degrees(place, degrees_of(open_snapshot(place)))
        (place / snapshot.REPORT).write_text(json.dumps({"built": "2026-01-01T00:00:00+00:00"}), "utf-8")
    snapshot.publish(folder, name)
    return folder


def questions(folder: Path) -> dict[str, list[str]]:
    """Of each kind two hundred queries, about things drawn with a fixed seed."""
    with (folder / "current" / snapshot.DATASET).open(encoding="utf-8") as lines:
        things = sorted({found[1] for line in lines if (found := _THINGS.match(line))})
    chosen = random.Random(1)
    drawn = [chosen.choice(things) for _ in range(200)]
    return {
        name: [
            f"{PROLOGUE}{query.replace('%', thing).replace('@', COUNTRIES[turn % 5])} #{turn}"
            for turn, thing in enumerate(drawn)
        ]
        for name, query in KINDS.items()
    }
