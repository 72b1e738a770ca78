"""How many quads can match a pattern at most: the largest degrees of a dataset, by predicate and graph.

They are stored with a snapshot and tell which queries can only look at few quads, before any of them runs.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kg.errors import SnapshotError
from kg.namespaces import PREFIXES

DEGREES = "degrees.json"
"""The file inside a snapshot."""
ACCEPTED = PREFIXES["graph"] + "accepted"
ANY = ""
"""Stands for any graph, or any predicate."""


class Degree(NamedTuple):
    """The largest numbers of quads of one predicate.

    :param quads: in all
    :param of_subject: with the same subject
    :param of_object: with the same object
    """

    quads: int
    of_subject: int
    of_object: int


Degrees = dict[str, dict[str, Degree]]
"""By graph (``ANY`` or the accepted view) and predicate (``ANY`` or an IRI)."""
_Quad = tuple[bytes, bytes, bytes]


def degrees_of(lines: Iterable[bytes]) -> Degrees:
    """The degrees of a dataset.

    :param lines: canonical N-Quads, one a line, each with a graph
    """
    everything: list[_Quad] = []
    accepted: list[_Quad] = []
    graph = f"<{ACCEPTED}>".encode()
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        object_, name, _ = rest.rsplit(b" ", 2)
        everything.append((subject, predicate, object_))
        if name == graph:
            accepted.append((subject, predicate, object_))
    return {ANY: _by_predicate(everything), ACCEPTED: _by_predicate(accepted)}


def _by_predicate(quads: list[_Quad]) -> dict[str, Degree]:
    subjects, predicates, objects = zip(*quads, strict=True) if quads else ((), (), ())
    of_subject = _largest(Counter(zip(predicates, subjects, strict=True)))
    of_object = _largest(Counter(zip(predicates, objects, strict=True)))
    counts = sorted(Counter(predicates).items())
    by_predicate = {p.decode()[1:-1]: Degree(n, of_subject[p], of_object[p]) for p, n in counts}
    most = Counter(subjects), Counter(objects)
    return {ANY: Degree(len(quads), *(max(counter.values(), default=0) for counter in most)), **by_predicate}


def _largest(counts: Counter[tuple[bytes, bytes]]) -> dict[bytes, int]:
    largest: dict[bytes, int] = {}
    for (predicate, _), count in counts.items():
        if count > largest.get(predicate, 0):
            largest[predicate] = count
    return largest


def write_degrees(folder: Path, degrees: Degrees) -> None:
    """Write the degrees into the folder of a snapshot."""
    (folder / DEGREES).write_text(json.dumps(degrees) + "\n", "utf-8")


def count_quads(folder: Path) -> int | None:
    """How many quads a snapshot has; ``None`` if it was built without degrees.

    :raises SnapshotError: if the file is damaged
    """
    degrees = read_degrees(folder)
    return degrees[ANY][ANY].quads if degrees else None


def read_degrees(folder: Path) -> Degrees | None:
    """The degrees of a snapshot; ``None`` for one that was built without them.

    :raises SnapshotError: if the file is damaged
    """
    try:
        read = json.loads((folder / DEGREES).read_text("utf-8"))
        return {graph: {p: Degree(*numbers) for p, numbers in table.items()} for graph, table in read.items()}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise SnapshotError("the degrees of the snapshot cannot be read", path=folder / DEGREES) from error
