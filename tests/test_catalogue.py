"""The dataset's description of itself: counts that can be counted again, addresses under the base, queries that run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg.catalogue import ASSERTIONS, DATASET, describe
from kg.executables import describe_queries
from kg.formats import GRAPH_FORMATS, TABLE_FORMATS
from kg.namespaces import BASE, PREFIXES, expand
from kg.query import CannedQuery, load_queries
from kg.terms import GRAPH

ROOT = Path(__file__).parent.parent
DATA = """
PREFIX aip: <https://w3id.org/ca-ai-policy/ontology/>
PREFIX assertion: <https://w3id.org/ca-ai-policy/assertion/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/ca-ai-policy/graph/>
PREFIX id: <https://w3id.org/ca-ai-policy/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
graph:accepted {
  id:kz-law a aip:Law , aip:Instrument ; rdfs:label "Law"@en , "Закон"@ru ; aip:country id:kz .
  id:kz-act a aip:Law , aip:Instrument ; aip:country id:kz ; skos:exactMatch wd:Q1 , <https://example.org/1> .
}
graph:sources {
  assertion:a.1 dcterms:created "2026-05-01"^^xsd:date . assertion:a.2 dcterms:created "2026-07-01"^^xsd:date .
}
assertion:a.1 { id:kz-law aip:country id:kz }
assertion:a.2 { id:kz-law aip:country id:kz . id:kz-act aip:country id:kz }
"""
QUERY = """#+ summary: {en: Laws of a country, ru: Законы страны}
#+ description: Each law once.
#+ tags: [laws, instruments]
#+ parameters:
#+   country: {type: thing, class: aip:Country, description: whose law}
#+   topic: {type: concept, scheme: concept:topics}
#+   asOf: {type: date, default: today}
#+   within: {type: integer, minimum: 1, maximum: 30, default: 9}
#+   name: {type: text, maximum: 50}
PREFIX aip: <https://w3id.org/ca-ai-policy/ontology/>
SELECT ?law WHERE {
  VALUES (?country ?topic ?asOf ?within ?name) { (UNDEF UNDEF UNDEF 9 UNDEF) }
  ?law a aip:Law ; aip:country ?country
}
"""
STATIC = [Quad(*quad.triple, GRAPH.catalogue) for quad in parse(path=ROOT / "ontology" / "catalogue.ttl")]
QUADS = list(parse(DATA, format=RdfFormat.TRIG))


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    store.extend(QUADS)
    store.extend(describe(STATIC, store, "9.9.9"))
    return store


def values(store: Store, subject: str, predicate: str) -> list[str]:
    quads = store.quads_for_pattern(NamedNode(subject), NamedNode(expand(predicate)), None)
    return sorted(quad.object.value for quad in quads if isinstance(quad.object, NamedNode | Literal))


def test_all_of_it_is_in_its_graph_without_blank_nodes() -> None:
    store = Store()
    store.extend(QUADS)
    quads = describe(STATIC, store, "9.9.9")
    assert {quad.graph_name for quad in quads} == {GRAPH.catalogue}
    assert all(isinstance(quad.subject, NamedNode) for quad in quads)


def test_the_number_of_triples_is_that_of_the_whole_dataset(store: Store) -> None:
    assert values(store, DATASET, "void:triples") == [str(len(store))]


def test_counts_of_the_accepted_view(store: Store) -> None:
    assert values(store, GRAPH.accepted.value, "void:triples") == ["10"]
    assert values(store, GRAPH.accepted.value, "void:entities") == ["2"]
    assert values(store, GRAPH.accepted.value, "void:classes") == ["2"]
    assert values(store, GRAPH.accepted.value, "void:properties") == ["4"]
    assert values(store, GRAPH.accepted.value, "void:distinctSubjects") == ["2"]
    assert values(store, GRAPH.accepted.value, "void:distinctObjects") == ["7"]
    assert values(store, GRAPH.accepted.value, "void:exampleResource") == [expand("id:kz-act")]


def test_partitions_say_what_the_data_say(store: Store) -> None:
    for kind, count in (("class", "entities"), ("property", "triples")):
        parts = values(store, GRAPH.accepted.value, f"void:{kind}Partition")
        for part in parts:
            term = values(store, part, f"void:{kind}")[0]
            predicate = NamedNode(term if kind == "property" else expand("rdf:type"))
            value = NamedNode(term) if kind == "class" else None
            found = len(list(store.quads_for_pattern(None, predicate, value, GRAPH.accepted)))
            assert values(store, part, f"void:{count}") == [str(found)]
    assert values(store, DATASET + "/property-aip-country", "void:distinctObjects") == ["1"]


def test_assertions_are_counted_together(store: Store) -> None:
    assert values(store, ASSERTIONS, "void:triples") == ["3"]
    assert values(store, ASSERTIONS, "void:uriSpace") == [PREFIXES["assertion"]]


def test_what_is_described_as_a_graph_is_one(store: Store) -> None:
    """A subset of the dataset below ``graph/`` can be named in a query."""
    subsets = {name for name in values(store, DATASET, "void:subset") if name.startswith(PREFIXES["graph"])}
    assert subsets == {graph.value for graph in store.named_graphs() if graph.value.startswith(PREFIXES["graph"])} - {
        GRAPH.catalogue.value  # described by the build once the rest is counted
    }


def test_the_date_is_that_of_the_newest_assertion(store: Store) -> None:
    assert values(store, DATASET, "dcterms:modified") == ["2026-07-01"]
    assert values(store, DATASET, "dcat:version") == ["9.9.9"]


def test_links_to_wikidata_are_counted(store: Store) -> None:
    assert values(store, BASE + "links-to-wikidata", "void:triples") == ["1"]


def test_each_format_is_a_distribution_with_a_licence_and_an_address(store: Store) -> None:
    assert len(values(store, DATASET, "dcat:distribution")) == len(GRAPH_FORMATS) + len(TABLE_FORMATS)
    for distribution in values(store, DATASET, "dcat:distribution"):
        assert values(store, distribution, "dcterms:license") == ["https://creativecommons.org/licenses/by/4.0/"]
        assert values(store, distribution, "dcat:downloadURL")[0].startswith(BASE + "download/")
        assert len(values(store, distribution, "dcterms:title")) == 2
    for form in GRAPH_FORMATS.values():
        described = f"{BASE}distribution/{form.name}"
        assert values(store, described, "dcterms:format")[0].startswith("http://www.w3.org/ns/formats/")
        assert values(store, described, "dcat:mediaType")[0].endswith(f"/media-types/{form.media_type}")
        assert values(store, described, "dcat:downloadURL") == [f"{BASE}download/{form.file_name}"]
        dataset = DATASET if form.has_named_graphs else GRAPH.accepted.value
        assert f"{BASE}download/{form.file_name}" in values(store, dataset, "void:dataDump")
    assert len(values(store, DATASET, "void:dataDump")) == 3
    assert len(values(store, GRAPH.accepted.value, "void:dataDump")) == 3


@pytest.mark.parametrize(
    ("subject", "needed"),
    [
        (BASE + "catalogue", "title description publisher license language"),
        (DATASET, "title description publisher license issued modified spatial language accrualPeriodicity"),
        (BASE + "service", "title description publisher license conformsTo"),
    ],
)
def test_what_dcat_readers_ask_for_is_there(store: Store, subject: str, needed: str) -> None:
    for name in needed.split():
        assert values(store, subject, f"dcterms:{name}"), name


def test_every_named_graph_is_named_in_two_languages() -> None:
    written = {
        node for path in (ROOT / "kg").rglob("*.py") for node in re.findall(r"GRAPH\.(\w+)", path.read_text("utf-8"))
    }
    graphs = [GRAPH[name] for name in written]
    assert len(graphs) > 10
    titles = [quad for quad in STATIC if quad.predicate.value == expand("dcterms:title")]
    for graph in graphs:
        languages = {quad.object.language for quad in titles if quad.subject == graph}  # type: ignore[union-attr]
        assert languages == {"en", "ru"}, graph


@pytest.fixture
def queries(tmp_path: Path) -> dict[str, CannedQuery]:
    (tmp_path / "laws.rq").write_text(QUERY, "utf-8")
    return load_queries(tmp_path)


def test_queries_are_executables(queries: dict[str, CannedQuery]) -> None:
    store = Store()
    store.extend(describe_queries(queries))
    query = PREFIXES["query"] + "laws"
    assert {quad.graph_name for quad in store} == {GRAPH.queries}
    assert values(store, query, "rdf:type") == [expand("sh:SPARQLExecutable"), expand("sh:SPARQLSelectExecutable")]
    assert values(store, query, "schema:keywords") == ["instruments", "laws"]
    assert values(store, query, "rdfs:label") == ["Laws of a country", "Законы страны"]
    assert Store().query(values(store, query, "sh:select")[0]) is not None


def test_parameters_have_name_type_order_and_default(queries: dict[str, CannedQuery]) -> None:
    store = Store()
    store.extend(describe_queries(queries))
    query = PREFIXES["query"] + "laws"
    assert len(values(store, query, "sh:parameter")) == 5
    assert values(store, query + ".country", "sh:class") == [expand("aip:Country")]
    assert values(store, query + ".country", "sh:description") == ["whose law"]
    assert values(store, query + ".topic", "skos:inScheme") == [expand("concept:topics")]
    assert values(store, query + ".asOf", "sh:datatype") == [expand("xsd:date")]
    assert values(store, query + ".asOf", "sh:defaultValue") == ["today"]
    assert values(store, query + ".within", "sh:maxInclusive") == ["30"]
    assert values(store, query + ".name", "sh:maxLength") == ["50"]
    assert values(store, query + ".name", "sh:order") == ["4"]


def test_prefixes_are_declared_for_editors(queries: dict[str, CannedQuery]) -> None:
    store = Store()
    store.extend(describe_queries(queries))
    assert values(store, BASE + "prefixes#aip", "sh:namespace") == [PREFIXES["aip"]]
    assert len(values(store, BASE + "prefixes", "sh:declare")) == len(PREFIXES)
