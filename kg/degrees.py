"""How many quads can match a pattern at most: the largest degrees of a dataset, by predicate and graph.

They are stored with a snapshot and tell which queries can only look at few quads, before any of them runs.
"""

import json
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from kg.counts import count
from kg.errors import SnapshotError
from kg.namespaces import PREFIXES

DEGREES = "degrees.json"
"""The file inside a snapshot."""
ACCEPTED = PREFIXES["graph"] + "accepted"
ANY = ""
"""Stands for any graph, or any predicate."""
_TERMS = "subject", "object"


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


def degrees_of(store: Store) -> Degrees:
    """The degrees of a dataset, all of whose quads have a graph."""
    return {ANY: _by_property(store), ACCEPTED: _by_property(store, graph=NamedNode(ACCEPTED))}


def _by_property(store: Store, **graph: NamedNode) -> dict[str, Degree]:
    """The degrees of each property, and of all together, in one graph or in any."""
    [[(total, of_subject)], [(_, of_object)]] = (count(store, "degree", term=t, **graph) for t in _TERMS)
    rows = zip(*(count(store, "degrees", term=t, **graph) for t in _TERMS), strict=True)
    degrees = {iri.value: (quads, most, of_objects) for (iri, quads, most), (_, _, of_objects) in rows}
    degrees = {ANY: (total, of_subject, of_object), **degrees}
    return {iri: Degree(*(int(number.value) for number in numbers)) for iri, numbers in degrees.items()}


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
