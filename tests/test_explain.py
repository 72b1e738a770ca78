"""Explanations: every derived triple has a proof that ends in what is stated, and proofs read well."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.errors import GraphError, UnknownThingError
from kg.explain import Explainer, explain, render
from kg.explain.proof import Proof
from kg.namespaces import expand, shorten
from kg.reason import materialise
from kg.rules.files import read_rules, rules_as_quads
from kg.terms import GRAPH

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE / "data" / "inference").iterdir() if path.is_dir())
RULES = read_rules(HERE.parent / "ontology" / "rules")
ACCEPTED, INFERRED, ONTOLOGY = (GRAPH.accepted, GRAPH.inferred, GRAPH.ontology)
CLAIMS = NamedNode(expand("assertion:test.1"))
CONTEXT = [NamedNode(expand(f"graph:{name}")) for name in ("ontology", "concepts")]


def triples_in(path: Path) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(path))]


def snapshot(claims: list[Triple], ontology: list[Triple]) -> tuple[Store, list[Triple]]:
    """A store with claims, ontology and what follows, and what follows."""
    inferred = materialise(claims, ontology).triples
    store = Store()
    put(store, claims, CLAIMS, ACCEPTED)
    put(store, inferred, INFERRED, ACCEPTED)
    put(store, ontology, ONTOLOGY)
    return store, inferred


def name(text: str) -> NamedNode:
    return NamedNode(expand(text))


def put(store: Store, triples: Iterable[Triple], *graphs: NamedNode) -> None:
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples for graph in graphs)


def check(proof: Proof, above: tuple[Triple, ...] = ()) -> None:
    """That a proof rests on statements only and never on itself."""
    assert proof.conclusion not in above
    assert proof.summary
    if not proof.derived:
        assert proof.rule in {"claim", "registry", "editorial", "ontology", "concepts"}
    for premise in proof.premises:
        check(premise, (*above, proof.conclusion))


@pytest.fixture(scope="module")
def law() -> Store:
    """The law of the data file, with what follows from its registry and first assertion."""
    store = Store()
    store.load(path=str(HERE / "data" / "explain" / "snapshot.trig"))
    store.extend(rules_as_quads(RULES))
    accepted = [quad.triple for quad in store.quads_for_pattern(None, None, None, ACCEPTED)]
    context = [quad.triple for graph in CONTEXT for quad in store.quads_for_pattern(None, None, None, graph)]
    put(store, materialise(accepted, context, RULES).triples, INFERRED, ACCEPTED)
    return store


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_every_inferred_triple_has_a_proof(path: Path) -> None:
    store, inferred = snapshot(triples_in(path / "given.ttl"), triples_in(path / "ontology.ttl"))
    explainer = Explainer(store)
    for triple in inferred:
        proof = explainer.explain(triple)
        assert proof.conclusion == triple
        assert proof.derived
        check(proof)


def test_everything_that_follows_in_a_snapshot_has_a_proof(law: Store) -> None:
    explainer = Explainer(law)
    inferred = [quad.triple for quad in law.quads_for_pattern(None, None, None, INFERRED)]
    rules = set()
    for triple in inferred:
        proof = explainer.explain(triple)
        check(proof)
        rules.add(proof.rule)
    assert rules == {"cls-hv2", "cax-sco", "prp-spo2", "date-bound", "label-event", "signed-on"}


EXPLAINED = {
    "country": ("id:kz-law-on-ai--signed-1", "aip:country", "id:kz"),
    "kind": ("id:kz-law-on-ai--signed-1", "rdf:type", "aip:Event"),
    "signing": ("id:kz-law-on-ai--signed-1", "rdf:type", "aip:Signing"),
    "label": ("id:kz-law-on-ai--signed-1", "rdfs:label", '"Signing: Law on AI"@en'),
    "signed-on": ("id:kz-law-on-ai", "aip:signedOn", '"2025-11"^^xsd:gYearMonth'),
    "first-day": ("id:kz-law-on-ai--signed-1", "aip:earliest", '"2025-11-01"^^xsd:date'),
    "topic": ("id:kz-law-on-ai", "aip:topic", "concept:topic-legislation"),
    "rejected": ("id:kz-law-on-ai--signed-1", "aip:date", '"2024"^^xsd:gYear'),
}


def triple_of(subject: str, predicate: str, value: str) -> Triple:
    prefixes = "".join(f"PREFIX {p}: <{expand(p + ':')}>\n" for p in ("id", "aip", "rdf", "rdfs", "xsd", "concept"))
    text = f"{prefixes}{subject} {predicate} {value} ."
    (quad,) = parse(input=text, format=RdfFormat.TURTLE)
    return Triple(quad.subject, quad.predicate, quad.object)


@pytest.mark.parametrize("case", EXPLAINED)
def test_a_proof_reads_as_the_file_says(law: Store, case: str) -> None:
    proof = explain(law, triple_of(*EXPLAINED[case]))
    text = "".join(f"{'  ' * depth}{line}\n" for depth, line in render(proof, law))
    assert text == (HERE / "data" / "explain" / f"{case}.txt").read_text("utf-8")


def test_names_come_in_the_language_of_the_reader(law: Store) -> None:
    proof = explain(law, triple_of("id:kz-law-on-ai", "aip:country", "id:kz"))
    assert render(proof, law, "ru")[0][1].startswith("Закон об ИИ · country · Kazakhstan")
    assert render(proof)[0][1].startswith("id:kz-law-on-ai · aip:country · id:kz")


def test_the_leaf_of_a_claim_names_its_citation(law: Store) -> None:
    proof = explain(law, triple_of("id:kz-law-on-ai", "aip:signedOn", '"2025-11"^^xsd:gYearMonth'))
    citation = next(leaf for leaf in proof.leaves() if leaf.conclusion.predicate == name("aip:date")).citations[0]
    assert (citation.title, citation.locator, citation.url) == (
        "A law is signed",
        "paragraph 1",
        "https://example.org/law",
    )


def test_what_nobody_says_is_unknown(law: Store) -> None:
    with pytest.raises(UnknownThingError) as caught:
        explain(law, triple_of("id:kz-law-on-ai", "aip:country", "id:uz"))
    assert caught.value.message == "the graph does not say: id:kz-law-on-ai aip:country id:uz"


def test_what_no_rule_derives_is_told(law: Store) -> None:
    odd = Quad(name("id:kz"), name("aip:signedOn"), Literal("never"), INFERRED)
    law.add(odd)
    try:
        with pytest.raises(GraphError, match="no rule of this snapshot derives"):
            explain(law, odd.triple)
    finally:
        law.remove(odd)


def test_the_search_ends_in_time(law: Store) -> None:
    with pytest.raises(GraphError, match="in time"):
        explain(law, triple_of("id:kz-law-on-ai--signed-1", "aip:country", "id:kz"), seconds=-1)


def test_a_cycle_of_rules_proves_nothing() -> None:
    ontology = [Triple(name("aip:p"), name("owl:equivalentProperty"), name("aip:q"))]
    two = [triple_of("id:a", f"aip:{p}", "id:b") for p in "pq"]
    store = Store()
    put(store, two, ACCEPTED, INFERRED)
    put(store, ontology, ONTOLOGY)
    with pytest.raises(GraphError, match="no rule of this snapshot derives"):
        explain(store, two[0])


def test_a_premise_about_a_thing_and_itself_is_proved_though_it_is_not_written_down() -> None:
    ontology = [
        Triple(name("aip:renames"), name("rdfs:subPropertyOf"), name("aip:changes")),
        Triple(name("aip:changes"), name("rdfs:domain"), name("aip:Change")),
    ]
    claim = triple_of("id:kz-x", "aip:renames", "id:kz-x")
    store, inferred = snapshot([claim], ontology)
    assert inferred == [triple_of("id:kz-x", "rdf:type", "aip:Change")]
    proof = explain(store, inferred[0])
    assert [premise.conclusion for premise in proof.premises] == [triple_of("id:kz-x", "aip:changes", "id:kz-x")]
    assert [leaf.conclusion for leaf in proof.leaves()] == [claim]


def test_a_long_hierarchy_is_one_step_and_a_long_transitive_path_a_few() -> None:
    part = name("aip:partOf")
    chain = [
        Triple(NamedNode(f"{expand('id:kz-')}{n}"), part, NamedNode(f"{expand('id:kz-')}{n + 1}")) for n in range(16)
    ]
    transitive = Triple(part, name("rdf:type"), name("owl:TransitiveProperty"))
    store, _ = snapshot(chain, [transitive])
    proof = explain(store, Triple(chain[0].subject, part, chain[-1].object))
    assert proof.depth == 4
    check(proof)


a_class = st.sampled_from([name(f"aip:C{n}") for n in range(4)])
a_property = st.sampled_from([name(f"aip:p{n}") for n in range(3)])
a_thing = st.sampled_from([name(f"id:kz-{n}") for n in range(4)])
an_axiom = st.one_of(
    st.builds(Triple, a_class, st.just(name("rdfs:subClassOf")), a_class),
    st.builds(Triple, a_class, st.just(name("owl:equivalentClass")), a_class),
    st.builds(Triple, a_property, st.just(name("rdfs:subPropertyOf")), a_property),
    st.builds(Triple, a_property, st.just(name("rdfs:domain")), a_class),
    st.builds(Triple, a_property, st.just(name("rdfs:range")), a_class),
    st.builds(Triple, a_property, st.just(name("owl:inverseOf")), a_property),
    st.builds(Triple, a_property, st.just(name("rdf:type")), st.just(name("owl:TransitiveProperty"))),
)
a_claim = st.one_of(
    st.builds(Triple, a_thing, a_property, a_thing),
    st.builds(Triple, a_thing, st.just(name("rdf:type")), a_class),
)


@settings(max_examples=100)
@given(st.lists(an_axiom, max_size=8), st.lists(a_claim, max_size=8))
def test_on_random_graphs_everything_that_follows_has_a_proof(axioms: list[Triple], claims: list[Triple]) -> None:
    store, inferred = snapshot(claims, axioms)
    explainer = Explainer(store)
    for triple in inferred:
        check(explainer.explain(triple))


def test_rules_stored_in_a_snapshot_are_those_of_the_files(law: Store) -> None:
    names = {shorten(q.subject.value) for q in rules_as_quads(RULES) if isinstance(q.subject, NamedNode)}
    assert names == {f"query:rule-{rule.name}" for rule in RULES}
    assert explain(law, triple_of(*EXPLAINED["label"])) == explain(law, triple_of(*EXPLAINED["label"]), RULES)
