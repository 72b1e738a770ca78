"""What points to a thing comes in pages: each says where the next is, and together they hold all of it."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import NamedNode, Quad, Store
from rdflib import Dataset, URIRef

from kg.namespaces import PREFIXES, expand
from kg.terms import GRAPH
from tests.explorer import explorer
from tests.served import record, site
from web.answers.description import HYDRA, MAX_LINKS_BACK, description, pages_of_links

FORMATS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/trig")


def big() -> NamedNode:
    """A thing that more points to than a page holds."""
    return NamedNode(PREFIXES["id"] + "kz")


def links(quads: set[Quad]) -> set[Quad]:
    """Those of a description that point to the thing and stand in the accepted view."""
    return {quad for quad in quads if quad.object == big()}


def test_pages_hold_every_link_once() -> None:
    store, start, seen = record(), 0, []
    while True:
        seen.append(links(description(store, big(), start)))
        pages = pages_of_links(store, big(), start)
        if "next" not in pages:
            break
        start = pages["next"]
    assert len(seen) > 2
    wanted = set(store.quads_for_pattern(None, None, big(), None))
    assert set().union(*seen) == wanted
    assert pages["prev"] == start - MAX_LINKS_BACK


def test_a_thing_with_few_links_has_one_page() -> None:
    store = Store()
    store.extend(Quad(NamedNode(f"urn:{n}"), expand_node("aip:about"), big()) for n in range(MAX_LINKS_BACK))
    assert pages_of_links(store, big(), 0) == {}
    store.add(Quad(NamedNode("urn:last"), expand_node("aip:about"), big()))
    assert pages_of_links(store, big(), 0) == {"next": MAX_LINKS_BACK}


def expand_node(name: str) -> NamedNode:
    """The node of a prefixed name."""
    return NamedNode(expand(name))


@pytest.mark.server
@pytest.mark.parametrize("media_type", FORMATS)
def test_each_format_says_where_the_next_page_is(media_type: str) -> None:
    address, links_of_pages = "/id/kz", []
    while address:
        response = explorer().get(address, headers={"Accept": media_type})
        assert response.status_code == 200
        dataset = Dataset()
        dataset.parse(data=response.content, format=media_type)
        links_of_pages.append({triple[:3] for triple in dataset.quads((None, None, URIRef(big().value), None))})
        said = [str(quad[2]) for quad in dataset.quads((None, URIRef(HYDRA + "next"), None, None))]
        linked = re.search(r"<([^>]+)>; rel=.?next", response.headers["Link"])
        address = linked[1].removeprefix(explorer().url) if linked else ""
        assert said == ([PREFIXES["id"] + address.removeprefix("/id/")] if address else [])
    assert len(links_of_pages) > 2
    accepted = {quad.subject.value for quad in record().quads_for_pattern(None, None, big(), GRAPH.accepted)}
    assert {str(triple[0]) for triple in set().union(*links_of_pages)} >= accepted


@pytest.mark.server
@pytest.mark.parametrize("value", ["-1", "many", "1e3"])
def test_a_start_that_is_no_number_is_refused(value: str) -> None:
    response = site().get(f"/id/kz?links={value}")
    assert response.status_code == 400
    assert response.json()["parameter"] == "links"
