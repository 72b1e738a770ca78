"""What the builder of queries offers: classes and properties of our shapes, named in both languages, all of use."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from pyoxigraph import Store
from rdflib import RDF, RDFS, Graph, Namespace, URIRef

from kg.namespaces import PREFIXES
from kg.settings import Settings
from tests.built import ROOT
from tests.explorer import application, record
from web.config import WebSettings
from web.site.app import create_app
from web.views.html import builder

SH = Namespace("http://www.w3.org/ns/shacl#")
BUILDER = "https://w3id.org/ca-ai-policy/builder/"


@cache
def configuration() -> Graph:
    response = application().test_client().get("/builder/shapes.ttl")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/turtle")
    return Graph().parse(data=response.get_data(), format="turtle")


def test_offers_the_classes_of_the_shapes_with_names_in_both_languages() -> None:
    graph = configuration()
    shapes = set(graph.subjects(RDF.type, SH.NodeShape))
    assert {URIRef(BUILDER + name) for name in ("Country", "Law", "Instrument", "Target", "Person")} <= shapes
    for shape in shapes:
        assert {label.language for label in graph.objects(shape, RDFS.label)} >= {"en", "ru"}, shape
        assert graph.value(shape, SH.property)


def test_a_property_leads_to_a_class_on_offer_or_to_a_literal() -> None:
    graph = configuration()
    classes = set(graph.objects(None, SH.targetClass))
    ranges = set(graph.objects(None, SH["class"]))
    assert ranges <= classes
    country = URIRef(BUILDER + "Instrument.country")
    assert graph.value(country, SH["class"]) == URIRef(PREFIXES["aip"] + "Country")
    assert {str(name) for name in graph.objects(country, SH.name)} == {"country", "ел", "страна"}


def test_the_shapes_say_which_classes_are_offered_first_and_in_what_order() -> None:
    shapes, aip = Graph().parse(ROOT / "ontology" / "shapes.ttl"), PREFIXES["aip"]
    orders = {str(cls).removeprefix(aip): int(str(order)) for cls, order in shapes.subject_objects(SH.order)}
    assert len(set(orders.values())) == len(orders) > 10
    offered = {str(s).removeprefix(BUILDER): int(str(order)) for s, order in configuration().subject_objects(SH.order)}
    assert offered == orders
    page = application().test_client().get("/builder", headers={"Accept": "text/html"}).get_data(as_text=True)
    first, others = (re.findall('data-shape="[^"]*/([^"/]+)"', part) for part in page.split("<details>", 1))
    assert first == sorted(orders, key=lambda name: orders[name])
    assert "Agency" in others
    assert not set(first) & set(others)


def test_the_classes_are_read_once_for_the_page_and_its_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    made, read = [], builder.Configuration.__init__

    def counted(self: builder.Configuration, store: Store) -> None:
        made.append(self)
        read(self, store)

    monkeypatch.setattr(builder.Configuration, "__init__", counted)
    client = create_app(WebSettings(replace(Settings.default(ROOT), snapshots=record()))).test_client()
    for address in ("/builder", "/builder/shapes.ttl", "/builder?lang=ru"):
        assert client.get(address, headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200
    assert len(made) == 1


def test_the_page_has_the_policy_of_the_editor() -> None:
    response = application().test_client().get("/builder", headers={"Accept": "text/html"})
    assert "style-src 'self' 'unsafe-inline'" in response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_suggestions_are_those_of_opensearch(lang: str) -> None:
    answer = application().test_client().get(f"/search/suggest?q=overdue+uzbekistan&lang={lang}")
    assert answer.mimetype == "application/x-suggestions+json"
    asked, texts, notes, addresses = answer.get_json(force=True)
    assert asked == "overdue uzbekistan"
    assert len(texts) == len(notes) == len(addresses) > 1
    assert any("/query/overdue?country=uz" in address for address in addresses)


def test_the_search_answers_in_json_too() -> None:
    client = application().test_client()
    document = client.get("/search?q=fine for unlawful use of personal data&format=json").get_json()
    assert document["results"][0]["iri"].endswith("/id/uz-zru-1115--provision-fine")
    assert document["facets"]["country"]["uz"] >= 1
    narrow = client.get(
        "/search?q=personal data&kind=passage&country=kz&from=2025", headers={"Accept": "application/json"}
    )
    results = narrow.get_json()["results"]
    assert results
    assert all(one["kind"] == "passage" and "kz" in one["countries"] and max(one["years"]) >= 2025 for one in results)
    assert any(part["match"] for one in results for part in one["excerpt"])
