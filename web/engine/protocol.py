"""Messages between a web process and a worker, over ``multiprocessing.connection`` as bytes.

The web process begins with the part of the graph that it will ask for, the worker with a line of JSON that says who it
is. It answers each request by any number of DATA messages and one DONE or FAILED; the first byte of a message is its
type.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

ACCEPTED, ALL = b"accepted", b"all"
"""The parts of the graph: the accepted view, or all graphs."""
DATA, DONE, FAILED = b"D", b"Z", b"E"
CHUNK = 1 << 16
"""Bytes of a DATA message. DONE holds the kind of the result, a zero byte and the rest of it, FAILED is JSON."""

PLAIN = (None, None, False, None)
"""The dataset and base of a query that says nothing of them."""


@dataclass(frozen=True)
class Request:
    """One query to run.

    :param result_format: the format of solutions and truth values: json, xml, csv, tsv
    :param graph_format: the format of triples, as a media type
    :param default_graphs: IRIs of the default graph's parts; ``None`` for the accepted view
    :param named_graphs: IRIs of the named graphs; ``None`` for all
    :param own_dataset: whether the query names its dataset itself, by FROM
    :param trusted: whether it is one of our own canned queries
    :param is_lookup: whether it can only look up a few IRIs, so may take an express slot
    :param accepted_only: whether its text certainly reads the accepted view alone
    :param uncapped: an untrusted query as it was written; positions of syntax errors are in it
    :param base: what relative IRIs are resolved against, if there may be any
    :param rows: how many triples a graph may have; 0 for any number
    """

    query: str
    result_format: str = "json"
    graph_format: str = "text/turtle"
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    own_dataset: bool = False
    trusted: bool = False
    is_lookup: bool = False
    accepted_only: bool = False
    rows: int = 0
    uncapped: str = ""
    base: str | None = None

    @property
    def part(self) -> bytes:
        """The part of the graph that answers it."""
        is_ours = not self.own_dataset and self.default_graphs is None and self.named_graphs is None
        return ACCEPTED if self.accepted_only and is_ours else ALL

    @property
    def identity(self) -> str:
        """All that the answer depends on, as text."""
        dataset = self.default_graphs, self.named_graphs, self.own_dataset, self.base
        return identity(self.uncapped or self.query, self.result_format, self.graph_format, dataset)

    def encode(self) -> bytes:
        """The request as bytes."""
        return json.dumps(self.__dict__).encode()  # flat, so asdict would only copy it

    @classmethod
    def decode(cls, data: bytes) -> Request:
        """The request of these bytes."""
        fields = json.loads(data)
        for name in ("default_graphs", "named_graphs"):
            fields[name] = None if fields[name] is None else tuple(fields[name])
        return cls(**fields)


def identity(text: str, result_format: str, graph_format: str, dataset: tuple[object, ...] = PLAIN) -> str:
    """All that the answer to a query depends on.

    :param dataset: the default graphs, the named graphs, whether the query names its own, and the base
    """
    return f"{result_format} {graph_format} {dataset} {text}"
