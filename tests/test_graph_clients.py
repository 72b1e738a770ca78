"""A thing in every graph format, read by the libraries people use: each reads the triples that Turtle holds."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse
from rdflib import Graph
from rdflib.compare import to_canonical_graph

from tests.node import comunica, jsonld_js
from tests.served import site

pytestmark = pytest.mark.server
PATHS = ("/id/kz-law-on-ai", "/assertion/east-report.1", "/source/east-report", "/query/instruments", "/concept/topics")
SUFFIXES = ("", ".jsonld", ".trig", ".nq")
RDFLIB = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld", "trig": "trig", "nq": "nquads"}


@cache
def body(path: str, suffix: str) -> bytes:
    response = site().get(f"{path}.{suffix}")
    assert response.status_code == 200, response.text
    return response.content


def quads(text: bytes | str, form: RdfFormat = RdfFormat.N_QUADS) -> set[Quad]:
    return set(parse(text, format=form))


def turtle(path: str) -> set[Quad]:
    expected = quads(body(path, "ttl"), RdfFormat.TURTLE)
    assert len(expected) > 5
    return expected


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("suffix", ["nt", "rdf", "jsonld", "trig", "nq"])
def test_rdflib(path: str, suffix: str) -> None:
    expected = Graph().parse(data=body(path, "ttl"), format="turtle")
    graph = Graph().parse(data=body(path, suffix), format=RDFLIB[suffix])
    assert set(to_canonical_graph(graph)) == set(to_canonical_graph(expected))


@pytest.mark.parametrize("path", PATHS)
def test_pyld(path: str) -> None:
    assert quads(jsonld.to_rdf(json.loads(body(path, "jsonld")), {"format": "application/n-quads"})) == turtle(path)


@cache
def by_jsonld_js() -> dict[str, str]:
    """Each thing as N-Quads, by jsonld.js."""
    return dict(zip(PATHS, jsonld_js([json.loads(body(path, "jsonld")) for path in PATHS]), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_jsonld_js(path: str) -> None:
    assert quads(by_jsonld_js()[path]) == turtle(path)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("suffix", ["jsonld", "trig", "nq"])
def test_oxigraph(path: str, suffix: str) -> None:
    form = RdfFormat.from_extension(suffix)
    assert form is not None
    everything = quads(body(path, suffix), form)
    default = {quad for quad in everything if quad.graph_name == DefaultGraph()}
    assert default == turtle(path)
    assert suffix != "jsonld" or default == everything


def test_claims_stand_in_the_graphs_of_their_assertions() -> None:
    for suffix in ("trig", "nq"):
        graphs = {
            str(quad.graph_name) for quad in quads(body("/id/kz-law-on-ai", suffix), RdfFormat.from_extension(suffix))
        }
        assert any("/assertion/" in graph for graph in graphs)
        assert not any("/graph/accepted" in graph for graph in graphs)


@cache
def counted_by_comunica() -> dict[str, dict[str, Any]]:
    """What Comunica counts at the address of each thing, in each format."""
    addresses = [path + suffix for path in PATHS for suffix in SUFFIXES]
    asked = [([site().url + address], "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") for address in addresses]
    return dict(zip(addresses, comunica(*asked), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_comunica_dereferences(path: str, suffix: str) -> None:
    """By the media types it prefers itself, and with each format of datasets."""
    answer = counted_by_comunica()[path + suffix]
    assert "error" not in answer, answer
    (row,) = answer["results"]["bindings"]
    assert int(row["n"]["value"]) == len(turtle(path))
