"""What people write where a thing is asked for: a name, an IRI with or without its prefix, an address of its page."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from pyoxigraph import NamedNode, Store

from kg.namespaces import BASE, PREFIXES

KINDS = ("id", "concept", "aip", "source", "passage", "assertion", "graph", "query", "shape")
"""The prefixes that a name without one may have, in this order."""
_FOLDERS = {PREFIXES[prefix].removeprefix(BASE).rstrip("/"): PREFIXES[prefix] for prefix in KINDS}
_FOLDERS |= {"country": PREFIXES["id"], "genid": f"{BASE}genid/"}
_ADDRESS = re.compile(rf"https?://[^/?#]+/(?:[^?#]*/)?({'|'.join(_FOLDERS)})/([^?#]+)")
_SUFFIX = re.compile(r"\.(?:ttl|nt|nq|trig|rdf|jsonld|html|csv|tsv|json|xml|rows|excel|rq)\Z")


def iris_of(text: str, kinds: Iterable[str] = KINDS) -> list[str]:
    """The IRIs that a text may mean, the most literal first.

    :param text: a full IRI (http or https), a prefixed name, a bare name, the address of a page on any host; in angle
        brackets or not
    :param kinds: the prefixes that a bare name may have
    """
    text = text.strip()
    if text[:1] == "<" and text[-1:] == ">":
        text, kinds = text[1:-1].strip(), ()  # brackets hold no bare name
    return [iri for iri in dict.fromkeys(_readings(text, kinds)) if _is_iri(iri)]


def find_iri(store: Store, text: str, kinds: Iterable[str] = KINDS) -> NamedNode | None:
    """The IRI that a text means: the first reading that the graph knows; ``None`` if it knows none."""
    return next((node for node in map(NamedNode, iris_of(text, kinds)) if _is_known(store, node)), None)


def _readings(text: str, kinds: Iterable[str]) -> Iterator[str]:
    prefix, colon, local = text.partition(":")
    if "://" in text or prefix == "urn":
        yield text
        yield from _of_address(text)
    elif colon and prefix in PREFIXES:
        yield PREFIXES[prefix] + local
    elif text:
        yield from (PREFIXES[kind] + text for kind in kinds)


def _of_address(address: str) -> Iterator[str]:
    match = _ADDRESS.fullmatch(address.partition("#")[0].partition("?")[0])
    if match:
        iri = _FOLDERS[match[1]] + unquote(match[2]).rstrip("/")
        yield iri
        yield _SUFFIX.sub("", iri)


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _is_known(store: Store, node: NamedNode) -> bool:
    places = ((node, None, None, None), (None, None, node, None), (None, node, None, None))
    return any(any(store.quads_for_pattern(*place)) for place in places) or store.contains_named_graph(node)
