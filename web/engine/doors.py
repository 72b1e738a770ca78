"""Two doors to the engine: a query that can only be cheap runs in the web process, every other one in a worker.

The first is several times as fast, as nothing is handed to another process and back; but nothing could end such a
query. So only what is bounded takes it, see `web.engine.bound`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QueryBoolean, QuerySolutions, Store

from kg.degrees import Degrees
from kg.errors import QueryError
from kg.namespaces import PREFIXES
from kg.query.diagnosis import diagnose, engine_says
from kg.query.lexer import declared_prefixes, for_engine
from kg.results import RESULT_FORMATS, write_results
from kg.terms import GRAPH
from web.engine import Engine
from web.engine.bound import is_bounded
from web.engine.cheap_filter import CONSTANT
from web.engine.protocol import Request
from web.engine.results import EngineResult
from web.engine.shape import MAX_LENGTH, read_shape
from web.engine.shared_store import shared_store
from web.engine.worker import prefixes_in
from web.metrics import QUERIES
from web.snapshot import Snapshot

_SPACES = "|".join(re.escape(PREFIXES[name]) for name in ("id", "source", "passage", "assertion"))
_CONSTANT = re.compile(rf"<(?:{_SPACES})[\w~-][\w.~-]*>")
_LAST_COMMENT = re.compile(r"""\s\#[^\n\r"'<>]*\Z""")
_DEFAULT_GRAPH: list[NamedNode | BlankNode | DefaultGraph] = [GRAPH.accepted]


def normalised(text: str) -> str:
    """A query without what its cost does not depend on: which thing it is about, and a comment at its end.

    Neither changes where strings, IRIs and comments begin and end, so the query is bounded if this text is.
    """
    return _LAST_COMMENT.sub("", _CONSTANT.sub(f"<{CONSTANT}>", text))


class Admitted(NamedTuple):
    """What a bounded query needs beside its text.

    :param prefixes: those that are not declared in it
    :param store: the one that it reads
    :param as_written: whether the engine reads it as it is, see `kg.query.lexer.for_engine`
    """

    prefixes: dict[str, str]
    store: Store
    as_written: bool


class FirstDoor:
    """Runs bounded queries over a snapshot, in this process.

    :param store: of the snapshot
    :param degrees: of the snapshot; ``None`` lets no query in
    :param accepted: a store of the accepted view alone, for queries that read nothing else
    """

    def __init__(self, snapshot: str, store: Store, degrees: Degrees | None, accepted: Store | None = None) -> None:
        self.snapshot = snapshot
        self.store, self.accepted = store, accepted or store
        self.degrees = degrees
        self._decide = lru_cache(maxsize=2000)(self._read)
        self._answered = QUERIES.labels("web process", "answered")

    def admit(self, text: str) -> Admitted | None:
        """How a bounded query runs; ``None`` for a query that is not known to be bounded."""
        return self._decide(normalised(text)) if len(text) <= MAX_LENGTH else None

    def _read(self, text: str) -> Admitted | None:
        shape = read_shape(text)
        if shape is None or not is_bounded(shape, self.degrees):
            return None
        declared = declared_prefixes(text)
        prefixes = {prefix: space for prefix, space in prefixes_in(text).items() if prefix not in declared}
        return Admitted(prefixes, self.accepted if shape.accepted_only else self.store, for_engine(text) == text)

    def run(self, text: str, result_format: str, admitted: Admitted) -> bytes:
        """The results of a bounded query in a format.

        :raises QueryError: if the query is wrong
        """
        try:
            query = text if admitted.as_written else for_engine(text)
            results = admitted.store.query(query, prefixes=admitted.prefixes, default_graph=_DEFAULT_GRAPH)
            body = _serialised(cast(QuerySolutions | QueryBoolean, results), result_format)
        except SyntaxError as error:
            raise diagnose(text, str(error.msg), {**declared_prefixes(text), **admitted.prefixes}) from error
        except (ValueError, RuntimeError) as error:
            raise QueryError(engine_says(str(error))) from error
        self._answered.inc()
        return body


def _serialised(results: QuerySolutions | QueryBoolean, name: str) -> bytes:
    if name in ("json", "tsv"):  # the engine writes these as they are wanted, at once
        return cast(bytes, results.serialize(format=RESULT_FORMATS[name]))
    out = io.BytesIO()
    write_results(results, name, out)
    return out.getvalue()


class TwoDoors:
    """The engine of a site with both doors.

    :param workers: runs what is not bounded
    :param snapshot: gives the current one
    """

    def __init__(self, workers: Engine, snapshot: Callable[[], Snapshot]) -> None:
        self.workers = workers
        self.snapshot = snapshot
        self._door: FirstDoor | None = None

    def door(self, snapshot: Snapshot) -> FirstDoor:
        """The first door of a snapshot."""
        door = self._door
        if door is None or door.snapshot != snapshot.name:
            accepted = shared_store(snapshot.name)
            door = self._door = FirstDoor(snapshot.name, snapshot.store, snapshot.degrees, accepted)
        return door

    def run(self, request: Request, timeout: float | None = None) -> EngineResult:
        """The complete result of a request; raises the errors of ``web.engine.results``."""
        if request.trusted or request.own_dataset or request.default_graphs is not None or not request.uncapped:
            return self.workers.run(request, timeout)
        door = self.door(self.snapshot())
        admitted = door.admit(request.uncapped)
        if admitted is None:
            return self.workers.run(request, timeout)
        body = door.run(request.uncapped, request.result_format, admitted)
        return EngineResult("solutions", io.BytesIO(body), door.snapshot)
