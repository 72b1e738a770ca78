"""Loads a snapshot into another store by the SPARQL 1.1 Graph Store HTTP Protocol
(https://www.w3.org/TR/sparql11-http-rdf-update/): each named graph replaced whole, the catalogue last, so that whoever
looks there for a new version finds it when everything else is in place."""

from __future__ import annotations

import base64
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import UsageError
from kg.export import serialise
from kg.namespaces import GRAPH_CATALOGUE, GRAPH_SOURCES, PREFIXES
from kg.terms import AIP

TIMEOUT = 120.0


@dataclass(frozen=True)
class Published:
    """What was done.

    :param graphs: how many graphs were written
    :param triples: how many triples in them
    :param removed: graphs of an earlier version that are no more
    """

    graphs: int
    triples: int
    removed: tuple[str, ...]


class GraphStore:
    """Another graph store.

    :param url: its address, to which ``?graph=`` is added
    :param user: and ``password``: sent by Digest or Basic authentication, as the store asks
    """

    def __init__(self, url: str, user: str | None = None, password: str | None = None) -> None:
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"{url!r} is no address of the web", hint="give the address of a graph store")
        self.url = url
        self.known = None if user is None else urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if self.known is not None and user is not None:
            self.known.add_password(None, url, user, password or "")
        self.digest = urllib.request.AbstractDigestAuthHandler(self.known)
        self.challenge = ""

    def put(self, graph: str, quads: Iterable[Quad]) -> None:
        """Replace a graph."""
        body = b"".join(serialise((Quad(*quad.triple) for quad in quads), "ntriples"))
        self._send("PUT", graph, body)

    def delete(self, graph: str) -> None:
        """Remove a graph."""
        self._send("DELETE", graph)

    def get(self, graph: str) -> list[Quad]:
        """The triples of a graph; none if it is not there."""
        try:
            body, kind = self._send("GET", graph)
        except MissingGraphError:
            return []
        form = RdfFormat.from_media_type(kind) or RdfFormat.TURTLE
        return list(parse(body, format=form))

    def _send(self, method: str, graph: str, body: bytes | None = None) -> tuple[bytes, str]:
        separator = "&" if "?" in self.url else "?"
        address = f"{self.url}{separator}graph={urllib.parse.quote(graph, safe='')}"
        request = urllib.request.Request(address, data=body, method=method)  # noqa: S310  the scheme was looked at
        request.add_header("Accept", "application/n-triples, text/turtle;q=0.9" if method == "GET" else "*/*")
        if body is not None:
            request.add_header("Content-Type", "text/turtle")  # N-Triples is Turtle, and every store reads that
        self._authorise(request)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
                return response.read(), response.headers.get_content_type()
        except urllib.error.HTTPError as error:
            if error.code == 404 and method != "PUT":
                raise MissingGraphError(f"there is no graph {graph}") from error
            told = " ".join(error.read(500).decode("utf-8", "replace").split())
            raise UsageError(
                f"{method} of {graph} to {self.url}: {error.code} {told}", hint=_hint(error.code)
            ) from error
        except OSError as error:
            raise UsageError(f"{self.url} does not answer: {error}", hint="look at the address") from error

    def _authorise(self, request: urllib.request.Request) -> None:
        """Say who we are before we are asked: a store that asks first closes on who is still sending a large graph."""
        if self.known is None:
            return
        scheme, _, rest = (self.challenge or self._challenge()).partition(" ")
        if scheme.lower() == "digest":
            facts = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
            request.add_header("Authorization", f"Digest {self.digest.get_authorization(request, facts)}")
        elif scheme.lower() == "basic":
            user, password = self.known.find_user_password("", self.url)
            pair = base64.b64encode(f"{user}:{password}".encode()).decode()
            request.add_header("Authorization", f"Basic {pair}")

    def _challenge(self) -> str:
        """How the store wants to be told who we are; an empty string if it does not ask."""
        probe = urllib.request.Request(f"{self.url}?graph=urn:nothing", method="DELETE")  # noqa: S310
        try:
            urllib.request.urlopen(probe, timeout=TIMEOUT).close()  # noqa: S310
        except urllib.error.HTTPError as error:
            self.challenge = error.headers.get("WWW-Authenticate", "") if error.code == 401 else ""
        except OSError as error:
            raise UsageError(f"{self.url} does not answer: {error}", hint="look at the address") from error
        return self.challenge


class MissingGraphError(UsageError):
    """The other store has no such graph."""


def _hint(status: int) -> str:
    if status in (401, 403):
        return "give --user and KG_PASSWORD of somebody who may write"
    return "look at the log of the other store"


def publish(store: Store, to: GraphStore, progress: Callable[[int, int], None] | None = None) -> Published:
    """Make the other store hold what this one holds, graph by graph.

    :param progress: told how many graphs are done, of how many
    :raises UsageError: if the other store refuses or does not answer
    """
    names = sorted(graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode))
    names.sort(key=lambda name: name == GRAPH_CATALOGUE)
    before = _assertions(to.get(GRAPH_SOURCES))
    triples = 0
    for done, name in enumerate(names):
        quads = list(store.quads_for_pattern(None, None, None, NamedNode(name)))
        to.put(name, quads)
        triples += len(quads)
        if progress is not None:
            progress(done + 1, len(names))
    gone = sorted(before - set(names))
    for name in gone:
        _remove(to, name)
    return Published(len(names), triples, tuple(gone))


def _remove(to: GraphStore, name: str) -> None:
    try:
        to.delete(name)
    except MissingGraphError:
        return


def _assertions(sources: Iterable[Quad]) -> set[str]:
    """The assertions that a graph of sources describes: each is a graph."""
    subjects = {quad.subject for quad in sources if quad.predicate == AIP.inPassage}
    named = {subject.value for subject in subjects if isinstance(subject, NamedNode)}
    return {name for name in named if name.startswith(PREFIXES["assertion"])}
