"""The JSON-LD context: all of the vocabulary, nothing else, and the same triples as in Turtle (JSON-LD 1.1)."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from pyld import jsonld
from rdflib import OWL, RDF, RDFS, XSD, Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.term import Node

from kg.namespaces import PREFIXES, expand, shorten
from tests.ontology_files import AIP, DATA, ONTOLOGY, SCHEMA, both, parse


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a key stand twice and keeps the last; here it may stand once."""
    assert [key for key, times in Counter(key for key, _ in pairs).items() if times > 1] == []
    return dict(pairs)


@pytest.fixture(scope="module")
def context() -> dict[str, Any]:
    text = (ONTOLOGY / "context.jsonld").read_text(encoding="utf-8")
    whole: dict[str, Any] = json.loads(text, object_pairs_hook=once)["@context"]
    return whole


def expected_entry(term: Node, graph: Graph) -> str | dict[str, str]:
    """What the context has to say of a property, by the ontology."""
    short = shorten(str(term))
    ranges = set(graph.objects(term, SCHEMA.rangeIncludes))
    if ranges in ({XSD.date}, {XSD.gYear}):
        return {"@id": short, "@type": shorten(str(*ranges))}
    literal = any(str(value).startswith(str(XSD)) or value in (RDF.langString, RDFS.Literal) for value in ranges)
    return short if literal else {"@id": short, "@type": "@id"}


def test_the_context_covers_every_class_and_property(context: dict[str, Any]) -> None:
    for class_ in both().subjects(RDF.type, OWL.Class):
        if str(class_).startswith(str(AIP)):
            assert context[str(class_).removeprefix(str(AIP))] == shorten(str(class_))
    used = {term for term in both().subjects(SCHEMA.domainIncludes) if isinstance(term, URIRef)}
    for term in used:
        assert context[re.split("[/#]", str(term))[-1]] == expected_entry(term, both())


def test_the_context_has_no_entry_of_its_own_invention(context: dict[str, Any]) -> None:
    for key, entry in context.items():
        iri = entry["@id"] if isinstance(entry, dict) else entry
        if key != "@version" and not str(iri).endswith(("/", "#")):
            assert (URIRef(expand(iri)), None, None) in both(), key
    assert context["@version"] == 1.1
    assert {key: PREFIXES[key] for key in context if key in PREFIXES} == {
        key: entry for key, entry in context.items() if str(entry).endswith(("/", "#"))
    }


def test_a_document_in_json_ld_says_what_the_same_turtle_says(context: dict[str, Any]) -> None:
    document = json.loads((DATA / "context" / "document.json").read_text(encoding="utf-8"))
    quads = jsonld.to_rdf({"@context": context, **document}, {"format": "application/n-quads"})
    assert isomorphic(Graph().parse(data=quads, format="nt"), parse(DATA / "context" / "document.ttl"))


def test_turtle_comes_back_from_json_ld_under_the_same_keys(context: dict[str, Any]) -> None:
    document = json.loads((DATA / "context" / "document.json").read_text(encoding="utf-8"))
    expanded = jsonld.expand({"@context": context, **document})
    compacted = jsonld.compact(expanded, {"@context": context})
    assert {key: value for key, value in compacted.items() if key != "@context"} == document
