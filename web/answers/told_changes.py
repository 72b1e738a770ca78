"""Changes told in every language, as a file: what compares two states is a process of its own, which ends.

``python -m web.answers.told_changes BEFORE AFTER FILE`` takes the folders of releases or snapshots. It holds a whole
release in memory and some seconds of a processor, which a web process shares with everybody else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kg.diff import Change, compare
from kg.diff.words import ChangeWords, as_json
from kg.export import replace_file
from kg.releases.archive import Release
from kg.store import STORE, open_snapshot
from kg.terms import Term
from web.messages import languages


@dataclass(frozen=True)
class ToldChange:
    """A change in words.

    :param texts: by language tag
    """

    change: Change
    texts: Mapping[str, str]

    def text(self, language: str) -> str:
        """The change in a language, else in English."""
        return self.texts.get(language) or self.texts["en"]


def write_changes(before: Path, after: Path, file: Path) -> None:
    """Write what changed from one release or snapshot to another."""
    old, new = _open(before), _open(after)
    writers = {language: ChangeWords(old, new, language) for language in languages()}
    told = (_written(one, {tag: words.text(one) for tag, words in writers.items()}) for one in compare(old, new))
    replace_file(file, json.dumps(list(told), ensure_ascii=False).encode())


def read_changes(file: Path) -> tuple[ToldChange, ...]:
    """The changes in a file."""
    return tuple(ToldChange(_read(written), written["texts"]) for written in json.loads(file.read_bytes()))


def _open(folder: Path) -> Store:
    if (folder / STORE).is_dir():
        return open_snapshot(folder, verify=False)  # the site that asks for it has it open
    return Release(folder.name, folder).open()


def _written(change: Change, texts: Mapping[str, str]) -> dict[str, Any]:
    """A change as JSON, its values as terms of N-Triples."""
    values = {"before": [str(term) for term in change.before], "after": [str(term) for term in change.after]}
    return as_json(change, texts["en"]) | values | {"texts": texts}


def _read(written: Mapping[str, Any]) -> Change:
    return Change(
        written["kind"],
        NamedNode(written["subject"]),
        NamedNode(written["property"]) if written["property"] else None,
        _terms(written["before"]),
        _terms(written["after"]),
        tuple(map(NamedNode, written["evidence"])),
        tuple(map(NamedNode, written["country"])),
    )


def _terms(texts: Iterable[str]) -> tuple[Term, ...]:
    lines = "".join(f"<urn:x> <urn:x> {text} .\n" for text in texts)
    return tuple(quad.object for quad in parse(lines, format=RdfFormat.N_TRIPLES))


if __name__ == "__main__":
    write_changes(*map(Path, sys.argv[1:4]))
