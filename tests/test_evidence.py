"""Who says so, on the mini record: citations, origins, rulings, and what hangs on a thing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple

from kg.evidence import Claim, citation, claim, dependent_nodes, evidence, origin, rulings
from kg.explain import explain
from kg.explain.derivations import Derivations
from kg.namespaces import expand
from kg.store import open_snapshot
from kg.terms import AIP, DCTERMS, GRAPH, RDF, is_assertion
from tests.served import snapshots

KINDS = Path(__file__).parents[1] / "ontology" / "concepts" / "source-kinds.ttl"


def node(name: str) -> NamedNode:
    return NamedNode(expand(name))


def day(text: str) -> Literal:
    return Literal(text, datatype=node("xsd:date"))


@cache
def mini() -> Store:
    return open_snapshot(snapshots() / "current")


def dates(thing: str) -> dict[str, Claim]:
    return {c.object.value: c for c in evidence(mini(), node(thing)) if c.predicate == node("aip:date")}


def test_a_claim_with_its_citation() -> None:
    found = claim(mini(), node("id:kz-law-on-ai--in-force-1"), node("aip:date"), day("2026-01-18"))
    assert found is not None
    assert found.accepted
    assert found.origins == 1
    (seen,) = found.citations
    assert seen.assertion == expand("assertion:gazette-law.1")
    assert (seen.source, seen.origin) == (expand("source:gazette-law"), expand("source:gazette-law"))
    assert (seen.title, seen.locator, seen.issued) == ("Law on Thinking Machines", "preamble", "2025-11-18")
    assert seen.url == "https://gazette.example/7-1"
    assert seen.paraphrase.startswith("The law was signed")
    assert (seen.kind, seen.created) == (expand("concept:source-official-law"), "2026-11-20")


def test_nobody_says_so() -> None:
    assert claim(mini(), node("id:kz-law-on-ai"), node("aip:date"), day("1999-01-01")) is None
    assert evidence(mini(), node("id:nobody")) == []


def test_both_sides_of_a_disagreement_and_the_ruling() -> None:
    claims = dates("id:kz-law-on-ai--signed-1")
    assert {value: found.accepted for value, found in claims.items()} == {"2025-11-17": True, "2025-11-15": False}
    (ruling,) = claims["2025-11-15"].rulings
    assert ruling == claims["2025-11-17"].rulings[0]
    assert ruling.ruling == expand("id:kz-ruling-signing")
    assert ruling.resolution == expand("concept:resolution-resolved")
    assert (ruling.upholds, ruling.rejects) == ((day("2025-11-17"),), (day("2025-11-15"),))
    assert "gazette" in ruling.reason


def test_a_disputed_value_is_in_no_answer() -> None:
    values = [c for c in evidence(mini(), node("id:int-metric-exports--uz-2024-1")) if c.predicate == node("aip:value")]
    assert [c.accepted for c in values] == [False, False]
    assert all(c.rulings[0].resolution == expand("concept:resolution-unresolved") for c in values)


def test_a_rejected_node_goes_whole() -> None:
    claims = evidence(mini(), node("id:kg-bureau-of-engines--renamed-1"))
    assert claims
    assert not any(c.accepted for c in claims)
    assert {r.ruling for c in claims for r in c.rulings} == {expand("id:kg-ruling-renaming")}
    assert rulings(mini(), node("id:kg-bureau-of-engines--renamed-1"), node("aip:date"))


def test_a_rewrite_is_no_second_origin() -> None:
    found = dates("id:kg-programme-engines--adopted-1")["2024-01-15"]
    assert [w.source for w in found.citations] == [expand("source:east-report"), expand("source:echo-east")]
    assert found.origins == 1
    assert origin(mini(), node("source:echo-east")) == node("source:east-report")


def test_the_origin_of_a_chain_and_of_a_circle() -> None:
    store, rewrites = Store(), node("aip:rewrites")
    for later, earlier in (("c", "b"), ("b", "a"), ("x", "y"), ("y", "x")):
        store.add(Quad(node(f"source:{later}"), rewrites, node(f"source:{earlier}"), GRAPH.sources))
    assert origin(store, node("source:c")) == node("source:a")
    assert origin(store, node("source:a")) == node("source:a")
    assert origin(store, node("source:x")) in {node("source:x"), node("source:y")}


def test_the_build_writes_the_origin_of_every_source_and_assertion() -> None:
    described = mini().quads_for_pattern(None, RDF.type, AIP.Source, GRAPH.sources)
    expected = {(q.subject, origin(mini(), q.subject)) for q in described}  # type: ignore[arg-type]
    stated = mini().quads_for_pattern(None, AIP.inPassage, None, GRAPH.sources)
    expected |= {(q.subject, NamedNode(citation(mini(), q.subject).origin)) for q in stated}  # type: ignore[arg-type]
    assert (node("assertion:echo-east.1"), node("source:east-report")) in expected
    assert (node("source:echo-east"), node("source:east-report")) in expected
    assert (node("source:east-report"), node("source:east-report")) in expected
    for graph in (GRAPH.inferred, GRAPH.accepted):
        written = {(q.subject, q.object) for q in mini().quads_for_pattern(None, AIP.origin, None, graph)}
        assert written == expected


def test_a_coarser_date_is_not_in_the_accepted_view() -> None:
    claims = dates("id:uz-strategy-2030--adopted-1")
    assert {value: found.accepted for value, found in claims.items()} == {"2024": False, "2024-10-14": True}
    assert not claims["2024"].rulings


def test_the_voice_of_a_claim() -> None:
    (found,) = [
        c for c in evidence(mini(), node("id:kz-person-ada-byron--speech-lead")) if c.predicate == node("aip:gist")
    ]
    assert found.citations[0].voice == expand("id:kz-person-ada-byron")
    assert found.citations[0].hedge == expand("concept:hedge-claimed")


@pytest.mark.parametrize(
    ("thing", "hangs"),
    [
        ("id:kz-law-on-ai", "id:kz-law-on-ai--signed-1"),
        ("id:kg-target-met", "id:kg-target-met--kg-programme-engines-1"),
        ("id:kg-person-new", "id:kg-post-director--kg-person-new-1"),
        ("id:kg-post-director", "id:kg-post-director--kg-person-old-1"),
        ("id:kg", "id:kg--assessment-pace-herald"),
        ("id:kz-person-ada-byron", "id:kz-person-ada-byron--speech-lead"),
    ],
)
def test_what_hangs_on_a_thing(thing: str, hangs: str) -> None:
    found = dependent_nodes(mini(), node(thing))
    assert node(hangs) in found
    assert found == sorted(found, key=lambda each: each.value)


def test_types_and_registry_are_no_claims() -> None:
    claims = evidence(mini(), node("id:kz-law-on-ai"))
    assert claims
    assert node("rdf:type") not in {c.predicate for c in claims}
    assert node("aip:actNumber") not in {c.predicate for c in claims}
    assert not is_assertion(GRAPH.rulings)


def test_order_is_fixed() -> None:
    claims = evidence(mini(), node("id:kz-law-on-ai--signed-1"))
    assert claims == sorted(claims, key=lambda c: (c.subject.value, c.predicate.value, str(c.object)))


def test_witnesses_of_one_claim_stand_by_the_kind_of_their_source_then_by_date() -> None:
    store, step, in_force = Store(), node("id:kz-act--in-force-1"), day("2026-01-18")
    store.bulk_load(path=str(KINDS), format=RdfFormat.TURTLE, to_graph=GRAPH.concepts)
    witnesses = {  # the names are against the order, so that no name decides
        "z-law": ("official-law", "2025-11-18"),
        "y-agency": ("official-news", "2025-11-17"),
        "x-paper": ("news", "2025-11-19"),
        "w-blog": ("news", None),
        "v-rewrite": ("news", "2025-11-18"),
        "b-unknown": (None, "2020-01-01"),
        "a-encyclopaedia": ("compilation", "2020-01-01"),
    }
    for name, (kind, issued) in witnesses.items():
        described(store, name, kind, issued)
        store.add(Quad(step, AIP.date, in_force, node(f"assertion:{name}.1")))
    store.add(Quad(node("source:v-rewrite"), AIP.rewrites, node("source:z-law"), GRAPH.sources))
    expected = ["z-law", "y-agency", "x-paper", "w-blog", "v-rewrite", "a-encyclopaedia", "b-unknown"]
    found = claim(store, step, AIP.date, in_force)
    assert found is not None
    assert [cited.source.rpartition("/")[2] for cited in found.citations] == expected
    (leaf,) = explain(store, Triple(step, AIP.date, in_force)).leaves()
    assert leaf.citations == found.citations


def described(store: Store, name: str, kind: str | None, issued: str | None) -> None:
    """A source with one passage and one assertion."""
    source, passage = node(f"source:{name}"), node(f"passage:{name}.1")
    triples = [Triple(node(f"assertion:{name}.1"), AIP.inPassage, passage), Triple(passage, AIP.inSource, source)]
    if kind:
        triples.append(Triple(source, AIP.sourceKind, node(f"concept:source-{kind}")))
    if issued:
        triples.append(Triple(source, DCTERMS.issued, day(issued)))
    store.extend(Quad(*triple, GRAPH.sources) for triple in triples)


def test_a_citation_without_description() -> None:
    seen = citation(Store(), node("assertion:lost.1"))
    assert (seen.source, seen.title, seen.url, seen.publisher) == ("", "", None, None)


@pytest.mark.parametrize(
    ("later", "earlier", "premise"),
    [
        ("source:echo-east", "source:east-report", ("aip:rewrites", "source:east-report")),
        ("source:east-report", "source:east-report", ("rdf:type", "aip:Source")),
    ],
)
def test_an_origin_is_explained_by_what_is_rewritten(later: str, earlier: str, premise: tuple[str, str]) -> None:
    proof = explain(mini(), Triple(node(later), AIP.origin, node(earlier)))
    assert proof.rule == "origin"
    assert [p.conclusion for p in proof.premises] == [Triple(node(later), node(premise[0]), node(premise[1]))]
    assert [leaf.rule for leaf in proof.leaves()] == ["sources"]


def test_the_origin_of_an_assertion_is_explained_by_its_source() -> None:
    claimed, source, root = node("assertion:echo-east.1"), node("source:echo-east"), node("source:east-report")
    proof = explain(mini(), Triple(claimed, AIP.origin, root))
    assert proof.rule == "origin"
    steps = [premise.conclusion for premise in proof.premises]
    assert steps[0].subject == claimed
    assert steps[1:] == [Triple(steps[0].object, AIP.inSource, source), Triple(source, AIP.origin, root)]
    assert not list(Derivations(mini()).ways(Triple(claimed, AIP.origin, source)))
