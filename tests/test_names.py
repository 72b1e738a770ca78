"""Everything has a name and a page: what sources speak of, what a ruling set aside, what only the catalogue knows."""

from __future__ import annotations

from functools import cache

import pytest
from lxml import html
from pyoxigraph import NamedNode

from kg.namespaces import BASE, shorten
from kg.terms import GRAPH, is_assertion
from tests.explorer import application
from web.snapshot import snapshot
from web.views.html.shared.terms import name

HEADERS = {"Accept": "text/html"}


@cache
def claimed() -> set[NamedNode]:
    """All that sources speak of."""
    store = snapshot().store
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode) and is_assertion(graph)]
    quads = (quad for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph))
    return {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_sources_speak_of_has_a_name(language: str) -> None:
    with application().test_request_context(f"/?lang={language}"):
        things = claimed()
        assert len(things) > 1000
        assert not [thing for thing in things if name(thing).text == shorten(thing.value)]


def test_what_was_set_aside_leads_to_who_says_it() -> None:
    with application().test_request_context("/"):
        accepted = GRAPH.accepted
        store = snapshot().store
        aside = sorted(
            thing.value for thing in claimed() if not any(store.quads_for_pattern(thing, None, None, accepted))
        )
    assert aside
    client = application().test_client()
    for iri in aside:
        page = client.get(iri.removeprefix(BASE[:-1]), headers=HEADERS, follow_redirects=True)
        assert page.request.path == "/evidence"
        tree = html.fromstring(page.get_data(as_text=True))
        assert tree.xpath("//main//blockquote")
        assert "not accepted" in tree.text_content()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/dataset", "Central Asia AI Policy Graph"),
        ("/graph/accepted", "Accepted view"),
        ("/service", "SPARQL endpoint of the Central Asia AI Policy Graph"),
        ("/shape/", "The ontology"),
        ("/id/kz", "Kazakhstan"),
        ("/country/KZ", "Kazakhstan"),
        ("/id/kz-law-on-ai.html", "Law of the Republic of Kazakhstan on Artificial Intelligence"),
    ],
)
def test_an_address_of_the_graph_has_a_page(path: str, title: str) -> None:
    page = application().test_client().get(path, headers=HEADERS, follow_redirects=True)
    assert html.fromstring(page.get_data(as_text=True)).findtext(".//h1") == title
