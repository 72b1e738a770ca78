"""Loads a snapshot into another store by the SPARQL 1.1 Graph Store HTTP Protocol
(https://www.w3.org/TR/sparql11-http-rdf-update/): each named graph replaced as a whole, the catalogue last, so that
whoever looks there for a new version finds it when everything else is in place."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import requests
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from urllib3 import Retry

from kg.errors import UsageError
from kg.export import serialise
from kg.terms import AIP, GRAPH, is_assertion

TIMEOUT = 120.0
AGAIN = Retry(
    total=None, connect=0, read=0, status=3, status_forcelist=(500, 502, 503, 504), allowed_methods=None,
    backoff_factor=0.5, raise_on_status=False,
)  # fmt: skip
"""What fails in the store is sent again, as a graph may be replaced twice: Virtuoso may deadlock with itself."""


@dataclass(frozen=True)
class Published:
    """The outcome of a publication.

    :param graphs: how many graphs were written
    :param triples: how many triples in them
    :param removed: graphs of an earlier version that were removed
    """

    graphs: int
    triples: int
    removed: tuple[str, ...]


class GraphStore:
    """Another graph store.

    :param url: its address, to which ``?graph=`` is added
    :param user: and ``password``: sent by Digest or Basic authentication, as the store requires
    """

    def __init__(self, url: str, user: str | None = None, password: str | None = None) -> None:
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"{url!r} is not a web address", hint="give the address of a graph store")
        self.url = url
        self._login = None if user is None else (user, password or "")

    def put(self, graph: str, quads: Iterable[Quad]) -> None:
        """Replace a graph."""
        self._send("PUT", graph, serialise(quads, "ntriples"))

    def delete(self, graph: str) -> None:
        """Remove a graph, if it is there."""
        self._send("DELETE", graph)

    def get(self, graph: str) -> list[Quad]:
        """The triples of a graph; none if it is not there."""
        response = self._send("GET", graph)
        if response.status_code == 404:
            return []
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        return list(parse(response.content, format=RdfFormat.from_media_type(media_type) or RdfFormat.TURTLE))

    def _send(self, method: str, graph: str, body: bytes | None = None) -> requests.Response:
        response = _request(self._session, method, self.url, graph, body)
        if response.ok or (response.status_code == 404 and method != "PUT"):
            return response
        reason = " ".join(response.text[:500].split())
        hint = "look at the log of the other store"
        if response.status_code in (401, 403):
            hint = "give --user and KG_PASSWORD of somebody who may write"
        raise UsageError(f"{method} of {graph} to {self.url}: {response.status_code} {reason}", hint=hint)

    @cached_property
    def _session(self) -> requests.Session:
        """A session that is logged in before the first graph is sent: a store that first asks for a login closes the
        connection while a large graph is still being sent."""
        session = requests.Session()
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=AGAIN))
        if self._login is not None:
            challenge = _request(session, "DELETE", self.url, "urn:nothing").headers.get("WWW-Authenticate", "")
            digest = challenge.lower().startswith("digest")
            login: AuthBase = HTTPDigestAuth(*self._login) if digest else HTTPBasicAuth(*self._login)
            session.auth = login
            _request(session, "DELETE", self.url, "urn:nothing")  # from its answer Digest learns what to send first
        return session


def _request(
    session: requests.Session, method: str, url: str, graph: str, body: bytes | None = None
) -> requests.Response:
    headers = {"Accept": "application/n-triples, text/turtle;q=0.9" if method == "GET" else "*/*"}
    if body is not None:
        headers["Content-Type"] = "text/turtle"  # N-Triples is Turtle, and every store reads that
    try:
        return session.request(method, url, params={"graph": graph}, data=body, headers=headers, timeout=TIMEOUT)
    except requests.RequestException as error:
        raise UsageError(f"{url} does not answer", hint="check the address, and that the store is running") from error


def publish(store: Store, to: GraphStore) -> Published:
    """Make the other store hold what this one holds, graph by graph.

    :raises UsageError: if the other store refuses or does not answer
    """
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    graphs.sort(key=lambda graph: (graph == GRAPH.catalogue, graph.value))
    before = _assertions(to.get(GRAPH.sources.value))
    triples = 0
    for graph in graphs:
        quads = list(store.quads_for_pattern(None, None, None, graph))
        to.put(graph.value, quads)
        triples += len(quads)
    superseded = sorted(before - {graph.value for graph in graphs})
    for name in superseded:
        to.delete(name)
    return Published(len(graphs), triples, tuple(superseded))


def _assertions(sources: Iterable[Quad]) -> set[str]:
    """The assertions that a graph of sources describes: each is a graph."""
    subjects = {quad.subject for quad in sources if quad.predicate == AIP.inPassage}
    return {subject.value for subject in subjects if isinstance(subject, NamedNode) and is_assertion(subject)}
