"""The ontology at its own addresses: what Protégé and other readers of OWL are handed, and each released version."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse
from rdflib import OWL, RDF, Graph, URIRef
from rdflib.compare import isomorphic

from kg.namespaces import BASE
from kg.skolem import skolemise
from kg.store import open_snapshot
from kg.terms import GRAPH
from tests.ontology_files import ONTOLOGY, ours
from tests.served import site, snapshots

RELEASES = sorted((ONTOLOGY / "releases").glob("*.ttl"))
PROTEGE = (
    "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/turtle; q=0.5, text/plain; q=0.1, */*; q=0.09"
)
"""What the OWL API sends, and with it Protégé."""
SUFFIXES = {"ttl": "text/turtle", "rdf": "application/rdf+xml", "jsonld": "application/ld+json", "html": "text/html"}
NAME = URIRef(BASE + "ontology")


def graph_at(path: str, accept: str) -> Graph:
    answer = site().get(path, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.text, format=answer.headers["Content-Type"].partition(";")[0])


@pytest.mark.server
def test_the_name_of_the_ontology_negotiates() -> None:
    expected = graph_at("/ontology", "text/turtle")
    assert (NAME, RDF.type, OWL.Ontology) in expected
    for path in ("/ontology", "/ontology/"):
        assert isomorphic(graph_at(path, PROTEGE), expected)
    for suffix, kind in SUFFIXES.items():
        answer = site().get(f"/ontology.{suffix}", headers={"Accept": "image/png"})
        assert answer.headers["Content-Type"].startswith(kind)
    browser = site().get("/ontology", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser.headers["Content-Type"].startswith("text/html")
    assert site().get("/ontology.exe").status_code == 404


@pytest.mark.server
@pytest.mark.parametrize("path", ["/ontology", "/graph/ontology", "/shape/", "/ontology/Adoption"])
def test_structures_have_no_names(path: str) -> None:
    """They are blank nodes, as OWL and SHACL write them, and with their Skolem names again what the store holds."""
    quads = list(parse(site().get(path, headers={"Accept": "text/turtle"}).content, format=RdfFormat.TURTLE))
    terms = {term for quad in quads for term in (quad.subject, quad.object)}
    assert not [term for term in terms if isinstance(term, NamedNode) and "/genid/" in term.value]
    assert [term for term in terms if isinstance(term, BlankNode)]
    store = open_snapshot(snapshots() / "current")
    assert all(any(True for _ in store.quads_for_pattern(*quad.triple, None)) for quad in skolemise(quads))


@pytest.mark.server
@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_a_released_version_is_served_as_it_was(path) -> None:  # type: ignore[no-untyped-def]
    frozen = Graph().parse(path)
    for accept in ("text/turtle", PROTEGE):
        assert isomorphic(graph_at(f"/release/{path.stem}/ontology", accept), frozen)
    assert len(graph_at(f"/release/{path.stem}/ontology.jsonld", "*/*")) == len(frozen)
    assert site().get(f"/release/{path.stem}/ontology", headers={"Accept": "text/html"}).status_code == 200
    assert str(frozen.value(NAME, OWL.versionInfo)) == path.stem
    assert str(frozen.value(NAME, OWL.versionIRI)) == f"{BASE}release/{path.stem}/ontology"


@pytest.mark.server
def test_the_version_in_work_is_served_at_its_version_iri() -> None:
    path = str(ours().value(NAME, OWL.versionIRI)).removeprefix(BASE[:-1])
    assert isomorphic(graph_at(path, "text/turtle"), graph_at("/ontology", "text/turtle"))
    for unknown in ("/release/9.9.9/ontology", "/release/%2e%2e/ontology", "/release/0.1/ontology.ttl"):
        assert site().get(unknown, headers={"Accept": "text/turtle"}).status_code in (404, 308)


def test_what_was_released_is_not_changed_under_its_number() -> None:
    """A change after a release needs a higher version, so that no two ontologies share a number."""
    current = tuple(map(int, str(ours().value(NAME, OWL.versionInfo)).split(".")))
    released = [tuple(map(int, path.stem.split("."))) for path in RELEASES]
    assert released
    stored = open_snapshot(snapshots() / "current").quads_for_pattern(None, None, None, GRAPH.ontology)
    if current in released:
        frozen = parse(path=RELEASES[released.index(current)], format=RdfFormat.TURTLE)
        assert {quad.triple for quad in stored} == {quad.triple for quad in skolemise(frozen)}
    else:
        assert current > max(released)
