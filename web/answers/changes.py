"""What changed between two releases, or a release and the current snapshot; a pair is computed once, one at a time."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Store

from kg.diff import Change, compare
from kg.diff.words import ChangeWords
from kg.errors import ParameterError, UnknownThingError
from kg.releases.archive import pick_release
from web.answers.arguments import single
from web.engine.results import BusyError
from web.memo import Kind
from web.messages import languages
from web.snapshot import Snapshot, snapshot

CURRENT = "current"
WAIT_TIMEOUT = 10.0
"""Seconds a request waits while another pair is compared."""
_LOCK = threading.Lock()


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


@dataclass(frozen=True)
class Difference:
    """The changes between two states.

    :param before: a version
    :param after: a version, or ``current``
    """

    before: str
    after: str
    changes: tuple[ToldChange, ...]


_DIFFERENCES: Kind[Difference] = Kind("differences", max_size=6)


def asked_pair() -> tuple[str, str]:
    """The versions of ``?from=`` and ``?to=``: the newest release and the current snapshot if they are not given.

    :raises ParameterError: if there is no such release
    """
    known = [release.version for release in snapshot().releases]
    if not known:
        raise UnknownThingError("there is no release to compare with yet", hint="kg release makes one")
    pair = []
    for name, default in (("from", "latest"), ("to", CURRENT)):
        version = single(name) or default
        version = known[-1] if version == "latest" else version
        if version not in (*known, CURRENT):
            raise ParameterError(name, version[:40], "no such release", [*known, "latest", CURRENT])
        pair.append(version)
    return pair[0], pair[1]


def difference(before: str, after: str) -> Difference:
    """The changes from one state to another.

    :raises BusyError: if another pair takes long to compare
    """
    current = snapshot()
    return current.memo.get(_DIFFERENCES, (before, after), lambda: _compared(current, before, after))


def _compared(current: Snapshot, before: str, after: str) -> Difference:
    if before == after:
        return Difference(before, after, ())
    if not _LOCK.acquire(timeout=WAIT_TIMEOUT):
        raise BusyError("two other states are being compared", hint="try again in a few seconds")
    try:
        old, new = (_open(current, version) for version in (before, after))
        writers = {language: ChangeWords(old, new, language) for language in languages()}
        described = (ToldChange(c, {tag: words.text(c) for tag, words in writers.items()}) for c in compare(old, new))
        return Difference(before, after, tuple(described))
    finally:
        _LOCK.release()


def _open(current: Snapshot, version: str) -> Store:
    return current.store if version == CURRENT else pick_release(current.releases, version).open()


def day_of(version: str) -> date | None:
    """The day of a release; that of the build for the current snapshot."""
    current = snapshot()
    if version == CURRENT:
        return current.modified.date() if current.modified else None
    return pick_release(current.releases, version).day
