"""Views of earlier days: the dataset of a snapshot as it would have been, had one built it of what was entered by then.

Claims, rulings and searches that were entered later are left out (`kg.entered`); what is accepted, what follows and
what was so are worked out again by the rules of today. Where sources disagreed before the ruling on them was entered,
the value counts as disputed and stands in no answer. Nothing is validated: a view is for questions, not for curators.
"""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pyoxigraph import Quad, Store

from kg.accept import accept
from kg.assemble import assemble
from kg.entered import entry_days, known_by, last_entry
from kg.errors import UsageError
from kg.pipeline import Files, entailed
from kg.read import Document
from kg.rules.files import stored_rules
from kg.settings import KEEP_VIEWS
from kg.snapshot import exclusive
from kg.store import STORE, open_snapshot, write_store
from kg.terms import GRAPH, is_assertion
from kg.vocabulary import Vocabulary

_ONTOLOGY = (GRAPH.ontology, GRAPH.concepts, GRAPH.shapes)
_DATA = (GRAPH.registry, GRAPH.editorial, GRAPH.coverage, GRAPH.rulings, GRAPH.links, GRAPH.sources)
_COPIED = (GRAPH.queries, GRAPH.catalogue)


def known_dataset(store: Store, day: date) -> Store:
    """The dataset of what had been entered by a day.

    :param store: the store of a snapshot
    """
    ontology = [quad for graph in _ONTOLOGY for quad in store.quads_for_pattern(None, None, None, graph)]
    data = known_by(list(_data(store)), day)
    documents = [Document(Path("snapshot"), tuple(data))]
    files = Files(ontology, documents, Vocabulary.from_quads(ontology), stored_rules(store))
    accepted = accept(files.data, files.vocabulary).accepted
    known = assemble(ontology, data, accepted, entailed(files, accepted, day))
    known.extend(quad for graph in _COPIED for quad in store.quads_for_pattern(None, None, None, graph))
    return known


def _data(store: Store) -> Iterator[Quad]:
    for quad in store:
        if quad.graph_name in _DATA or is_assertion(quad.graph_name):
            yield quad


def entry_day(store: Store, day: date) -> date | None:
    """The last day of entry up to a day; ``None`` if everything had been entered by then.

    :raises UsageError: if nothing had been entered yet
    """
    days = entry_days(store)
    last = last_entry(days, day)
    if last is None:
        first = f"; the first day is {days[0]}" if days else ""
        raise UsageError(f"nothing had been entered by {day}{first}", hint="choose a later day")
    return None if last == days[-1] else last


def make_view(snapshot: Path, day: date, folder: Path, keep: int = KEEP_VIEWS) -> Path:
    """The view of a day of entry, made if it is not there; the least recently used ones beyond a number are removed.

    :param snapshot: the folder of the snapshot
    :param folder: where the views of this snapshot are
    :returns: a folder that `kg.store.open_snapshot` opens
    :raises SnapshotError: if another view is being made
    """
    target = folder / day.isoformat()
    if not target.exists():
        with exclusive(folder, "another view is being made"):
            _make(snapshot, day, target)
            _prune(folder, keep)
    return target


def _make(snapshot: Path, day: date, target: Path) -> None:
    unfinished = target.with_name(f".{target.name}")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    write_store(unfinished / STORE, known_dataset(open_snapshot(snapshot), day))
    unfinished.rename(target)


def _prune(folder: Path, keep: int) -> None:
    views = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    for old in sorted(views, key=lambda path: path.stat().st_mtime, reverse=True)[keep:]:
        shutil.rmtree(old, ignore_errors=True)
