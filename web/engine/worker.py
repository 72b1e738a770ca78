"""The child process: runs queries over a store, one after the other, and can do nothing else.

It is forked with its store and its one socket open, then gives up the right to open anything
(RLIMIT_NOFILE 0: no file, no socket, so SERVICE reaches nothing) and to grow beyond its memory limit. It is killed from
outside at the deadline.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    Store,
)

from kg.errors import FormatError
from kg.export import get_format
from kg.message import Message, packed
from kg.namespaces import PREFIXES
from kg.query import diagnose, engine_says
from kg.query.lexer import for_engine
from kg.results import write_results
from kg.terms import GRAPH
from kg.writers import write_triples
from web.engine import protocol
from web.engine.protocol import Request
from web.engine.results import TooManyRowsError, at_most

Opener = Callable[[bytes], tuple[bytes, Store]]
"""Gives the store that holds a part of the graph (`web.engine.protocol`), with the part that it really holds."""


def serve(open_part: Opener, connection: Connection, snapshot: str, memory: int) -> None:
    """Answer requests on a connection until the other side closes it.

    :param memory: bytes the process may grow to, on top of what the store takes
    """
    part, store = open_part(connection.recv_bytes())
    _report_to(connection)
    _drop_rights(memory)
    hello = {"pid": os.getpid(), "snapshot": snapshot, "memory": memory, "part": part.decode()}
    connection.send_bytes(json.dumps(hello).encode())
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            request = Request.decode(connection.recv_bytes())
            if request.part != part == protocol.ACCEPTED:
                raise ValueError("this worker holds the accepted view alone")
            _answer(store, connection, request)


def _report_to(connection: Connection) -> None:
    """Let what the engine writes as it dies go to whoever waits for the answer: no message begins like a text."""
    os.dup2(connection.fileno(), 2)


def _drop_rights(memory: int) -> None:
    used = _address_space()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


class _Stream(io.RawIOBase):
    """A file to write to whose bytes are sent as DATA messages."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.buffer = bytearray()

    def write(self, data: bytes) -> int:  # type: ignore[override]  # only bytes are written
        """Take bytes; send when a chunk is full."""
        self.buffer += data
        if len(self.buffer) >= protocol.CHUNK:
            self.connection.send_bytes(protocol.DATA + self.buffer)
            self.buffer.clear()
        return len(data)


def _answer(store: Store, connection: Connection, request: Request) -> None:
    stream = _Stream(connection)
    try:
        kind = run(store, request, stream)
    except SyntaxError as error:
        _fail(connection, **_syntax_error(request, str(error.msg)))
    except MemoryError:
        _fail(connection, "memory", Message("the query needs more memory than it may use"))
    except FormatError as error:
        _fail(connection, "format", error.message, offered=error.offered)
    except TooManyRowsError as error:
        _fail(connection, "rows", error.message)
    except (ValueError, RuntimeError, OSError) as error:
        _fail(connection, "evaluation", engine_says(str(error)))
    else:
        # The rest and the end together: the web process wakes once.
        connection.send_bytes(protocol.DONE + kind.encode() + b"\0" + stream.buffer)


def _syntax_error(request: Request, message: str) -> dict[str, Any]:
    """The error of a query, in the text as it was written."""
    text = request.uncapped or request.query
    error = diagnose(text, message, prefixes_in(text), request.base)
    place = {"line": error.line, "column": error.column, "hint": error.hint}
    return {"reason": "syntax", "message": error.message, **place}


def _fail(connection: Connection, reason: str, message: str, **more: Any) -> None:
    document = packed({"reason": reason, "message": message, **more})
    connection.send_bytes(protocol.FAILED + json.dumps(document).encode())


_NAMED = re.compile(r"(?<![\w-])[A-Za-z]+(?=:)")


def prefixes_in(text: str) -> dict[str, str]:
    """Those of our prefixes that a query may use: declaring all costs the engine more than a look-up."""
    return {prefix: PREFIXES[prefix] for prefix in set(_NAMED.findall(text)) if prefix in PREFIXES}


def _dataset(request: Request) -> dict[str, Any]:
    """The dataset as options of the store; none where the query names its own."""
    if request.own_dataset:
        return {}
    default = (GRAPH.accepted.value,) if request.default_graphs is None else request.default_graphs
    named = request.named_graphs
    return {
        "default_graph": [NamedNode(iri) for iri in default],
        "named_graphs": None if named is None else [NamedNode(iri) for iri in named],
    }


def run(store: Store, request: Request, stream: io.IOBase) -> str:
    """Run a request and write its result.

    :returns: ``solutions``, ``boolean`` or ``graph``
    :raises SyntaxError: if the query cannot be parsed
    :raises ValueError: if it cannot be evaluated
    :raises FormatError: if the format cannot hold the result
    :raises TooManyRowsError: if a graph has more triples than it may
    """
    prefixes = prefixes_in(request.query)
    results = store.query(for_engine(request.query), base_iri=request.base, prefixes=prefixes, **_dataset(request))
    if isinstance(results, QueryBoolean | QuerySolutions):
        write_results(results, request.result_format, stream)
        return "boolean" if isinstance(results, QueryBoolean) else "solutions"
    write_triples(at_most(results, request.rows), get_format(request.graph_format), stream)
    return "graph"
