"""Inference: pairs of given and expected files, owlrl as the oracle, contradictions, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Triple, Variable, parse

from kg.errors import DataError, InconsistencyError, SyntaxDataError
from kg.namespaces import expand, shorten
from kg.owl_rl import REFUSED, RULE_DESCRIPTIONS, compile_rules
from kg.owl_rl.properties import MAX_CHAIN
from kg.reason import materialise, owlrl
from kg.rules import Pattern, Rule
from kg.rules.files import check_negation, parse_rule, read_rules

DATA = Path(__file__).parent / "data"
CASES = sorted(path for path in (DATA / "inference").iterdir() if path.is_dir())
CONTRADICTIONS = sorted(path for path in (DATA / "inconsistent").iterdir() if path.is_dir())
PREFIXES = "".join(
    f"PREFIX {prefix}: <{expand(prefix + ':')}>\n" for prefix in ("aip", "id", "owl", "rdfs", "rdf", "xsd")
)


def triples_of(text: str) -> list[Triple]:
    quads = parse(input=PREFIXES + text, format=RdfFormat.TURTLE)
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]


def triples_in(path: Path) -> list[Triple]:
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in parse(path=str(path))]


def case(path: Path) -> tuple[list[Triple], list[Triple]]:
    return triples_in(path / "given.ttl"), triples_in(path / "ontology.ttl")


def lines(triples: list[Triple]) -> list[str]:
    return sorted(map(str, triples))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_what_follows_is_what_the_file_says(path: Path) -> None:
    claims, ontology = case(path)
    inference = materialise(claims, ontology, read_rules(path))
    assert lines(inference.triples) == lines(triples_in(path / "expected.ttl"))
    assert sum(inference.counts.values()) >= len(inference.triples)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_owlrl_finds_the_same(path: Path) -> None:
    claims, ontology = case(path)
    rules = read_rules(path)
    assert materialise(claims, ontology, rules).triples == owlrl.materialise(claims, ontology, rules).triples


def test_every_rule_that_derives_has_a_case() -> None:
    used: set[str] = set()
    for path in (*CASES, *CONTRADICTIONS):
        for rule in compile_rules(triples_in(path / "ontology.ttl")):
            used |= {rule.name, *rule.also}
    assert set(RULE_DESCRIPTIONS) <= used


@pytest.mark.parametrize("path", CONTRADICTIONS, ids=lambda path: path.name)
def test_a_contradiction_stops_with_things_rule_axiom_and_premises(path: Path) -> None:
    with pytest.raises(InconsistencyError) as caught:
        materialise(*case(path))
    assert caught.value.message + "\n" == (path / "message.txt").read_text("utf-8")
    assert caught.value.hint
    assert "https://www.w3.org/TR/owl2-profiles/#Reasoning" in caught.value.hint


# owlrl knows no lists of disjoint properties and reads no text of a literal that rdflib does not refuse.
BEYOND_OWLRL = {"prp-adp", "dt-not-type", "dt-not-type-union"}


@pytest.mark.parametrize("path", [p for p in CONTRADICTIONS if p.name not in BEYOND_OWLRL], ids=lambda p: p.name)
def test_owlrl_finds_the_same_contradictions(path: Path) -> None:
    with pytest.raises(InconsistencyError):
        owlrl.materialise(*case(path))


@pytest.mark.parametrize("construct", sorted(shorten(name.value) for name in REFUSED))
def test_what_would_merge_things_is_refused(construct: str) -> None:
    used = f"aip:p a {construct} ." if construct.endswith("Property") else f"aip:p {construct} aip:q ."
    with pytest.raises(DataError) as caught:
        compile_rules(triples_of(used))
    assert construct in caught.value.message
    assert caught.value.hint == REFUSED[NamedNode(expand(construct))]


def test_same_things_in_the_data_are_refused() -> None:
    with pytest.raises(DataError, match="sameAs"):
        materialise(triples_of("id:kz owl:sameAs id:uz ."), [])


def test_a_long_chain_is_refused() -> None:
    links = " ".join(["aip:p"] * (MAX_CHAIN + 1))
    with pytest.raises(DataError, match="chain"):
        compile_rules(triples_of(f"aip:q owl:propertyChainAxiom ( {links} ) ."))


def test_order_of_the_input_does_not_matter() -> None:
    claims, ontology = case(DATA / "inference" / "cls-nested")
    assert materialise(claims, ontology) == materialise(reversed(claims), ontology)


def test_blank_nodes_that_were_given_names_are_still_expressions() -> None:
    text = (DATA / "inference" / "cls-hv" / "ontology.ttl").read_text("utf-8")
    named = text.replace(
        "[ a owl:Restriction",
        "<https://w3id.org/ca-ai-policy/genid/1> . <https://w3id.org/ca-ai-policy/genid/1> a owl:Restriction",
    ).replace("] .", ".")
    claims, _ = case(DATA / "inference" / "cls-hv")
    assert lines(materialise(claims, triples_of(named)).triples) == lines(
        triples_in(DATA / "inference" / "cls-hv" / "expected.ttl")
    )


# --- rules in files -------------------------------------------------------------------------------

RULE = "#+ summary: {0}\nPREFIX aip: <https://w3id.org/ca-ai-policy/ontology/>\n{1}\n"


def rule(text: str, name: str = "a-rule") -> list[Pattern | None]:
    return [r.head for r in parse_rule(RULE.format(name, text), Path(f"{name}.rq"))]


def test_a_rule_with_two_heads_is_two_rules() -> None:
    assert len(rule("CONSTRUCT { ?x aip:p ?y . ?y aip:q ?x } WHERE { ?x aip:r ?y }")) == 2


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (
            "CONSTRUCT { ?x aip:p ?y } WHERE { { ?x aip:q ?y } UNION { ?x aip:r ?y } }",
            "'{' cannot stand here",
        ),
        ("CONSTRUCT { ?x aip:p ?y } WHERE { ?x aip:q/aip:r ?y }", "'/' cannot stand here"),
        ("CONSTRUCT { ?x aip:p ?z } WHERE { ?x aip:q ?y }", "?z is constructed but never bound"),
        ("CONSTRUCT { ?x other:p ?y } WHERE { ?x aip:q ?y }", "prefix other: is not declared"),
        ("SELECT * WHERE { ?x aip:q ?y }", "expected CONSTRUCT, got 'SELECT'"),
        ("CONSTRUCT { ?x aip:p ?y } WHERE { ?x aip:q ?y", "the query ends too early"),
        ("CONSTRUCT { ?x aip:p ?y } WHERE { ?x aip:q ?y FILTER EXISTS { ?y aip:r ?x } }", "EXISTS"),
        ("CONSTRUCT { ?x aip:p ?y } WHERE { ?x aip:q ?y } LIMIT 5", "'LIMIT' after the query"),
        ("CONSTRUCT { } WHERE { ?x aip:q ?y }", "the head holds no triple pattern"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_file_and_line(body: str, problem: str) -> None:
    with pytest.raises(SyntaxDataError) as caught:
        rule(body)
    assert problem in caught.value.message
    assert caught.value.where.startswith("a-rule.rq:")


def test_a_rule_without_summary_is_refused() -> None:
    with pytest.raises(SyntaxDataError, match="summary"):
        parse_rule("CONSTRUCT { ?x ?p ?y } WHERE { ?y ?p ?x }", Path("a-rule.rq"))


@pytest.mark.parametrize("clause", ["FILTER NOT EXISTS { ?x aip:p ?z }", "OPTIONAL { ?x aip:p ?z }"])
def test_absence_of_something_derived_is_refused(clause: str) -> None:
    text = f"CONSTRUCT {{ ?x aip:p ?y }} WHERE {{ ?x aip:q ?y {clause} }}"
    with pytest.raises(SyntaxDataError, match="a-rule may derive it"):
        check_negation(parse_rule(RULE.format("no", text), Path("a-rule.rq")))


def test_a_rule_that_makes_ever_longer_names_is_stopped() -> None:
    text = "CONSTRUCT { ?x aip:name ?longer } WHERE { ?x aip:name ?name BIND(CONCAT(?name, '.') AS ?longer) }"
    endless = parse_rule(RULE.format("endless", text), Path("endless.rq"))
    with pytest.raises(DataError, match="rounds"):
        materialise(triples_of('id:x aip:name "a" .'), [], endless)


# --- random graphs: the closure is that of owlrl ----------------------------------------------------

CLASSES = [f"aip:C{number}" for number in range(5)]
PROPERTIES = [f"aip:p{number}" for number in range(4)]
THINGS = [f"id:kz-{number}" for number in range(5)]
a_class, a_property, a_thing = st.sampled_from(CLASSES), st.sampled_from(PROPERTIES), st.sampled_from(THINGS)
a_value = st.builds("[ a owl:Restriction ; owl:onProperty {} ; owl:hasValue {} ]".format, a_property, a_thing)
# What OWL 2 RL allows on both sides of an axiom, on the left only, and on the right only (section 4.2.3).
on_both_sides = st.one_of(
    a_class,
    a_value,
    st.builds("[ owl:intersectionOf ( {} {} ) ]".format, a_class, st.one_of(a_class, a_value)),
)
a_left_side = st.one_of(
    on_both_sides,
    st.builds("[ a owl:Restriction ; owl:onProperty {} ; owl:someValuesFrom {} ]".format, a_property, on_both_sides),
    st.builds("[ a owl:Restriction ; owl:onProperty {} ; owl:someValuesFrom owl:Thing ]".format, a_property),
    st.builds("[ owl:unionOf ( {} {} ) ]".format, a_class, on_both_sides),
)
a_right_side = st.one_of(
    on_both_sides,
    st.builds("[ a owl:Restriction ; owl:onProperty {} ; owl:allValuesFrom {} ]".format, a_property, on_both_sides),
)
an_axiom = st.one_of(
    st.builds("{} rdfs:subClassOf {} .".format, a_left_side, a_right_side),
    st.builds("{} owl:equivalentClass {} .".format, a_class, on_both_sides),
    st.builds("{} rdfs:subPropertyOf {} .".format, a_property, a_property),
    st.builds("{} owl:equivalentProperty {} .".format, a_property, a_property),
    st.builds("{} owl:inverseOf {} .".format, a_property, a_property),
    st.builds("{} rdfs:domain {} .".format, a_property, a_class),
    st.builds("{} rdfs:range {} .".format, a_property, a_class),
    st.builds("{} a owl:TransitiveProperty .".format, a_property),
    st.builds("{} a owl:SymmetricProperty .".format, a_property),
    st.builds("{} owl:propertyChainAxiom ( {} {} ) .".format, a_property, a_property, a_property),
    st.builds("{} owl:propertyChainAxiom ( {} {} {} ) .".format, a_property, a_property, a_property, a_property),
)
a_claim = st.one_of(
    st.builds("{} {} {} .".format, a_thing, a_property, a_thing),
    st.builds("{} a {} .".format, a_thing, a_class),
)


def declared(axioms: list[str]) -> list[Triple]:
    kinds = [f"{name} a owl:Class ." for name in CLASSES] + [f"{name} a owl:ObjectProperty ." for name in PROPERTIES]
    return triples_of("\n".join(kinds + axioms))


@settings(max_examples=150)
@given(st.lists(an_axiom, max_size=8), st.lists(a_claim, max_size=8))
def test_on_random_graphs_the_closure_is_that_of_owlrl(axioms: list[str], claims: list[str]) -> None:
    ontology, data = declared(axioms), triples_of("\n".join(claims))
    assert lines(materialise(data, ontology).triples) == lines(owlrl.materialise(data, ontology).triples)


@settings(max_examples=100)
@given(st.lists(an_axiom, max_size=8), st.lists(a_claim, max_size=8))
def test_what_follows_from_the_closure_is_in_it(axioms: list[str], claims: list[str]) -> None:
    ontology, data = declared(axioms), triples_of("\n".join(claims))
    inference = materialise(data, ontology)
    assert not set(inference.triples) & {*data, *ontology}
    assert materialise([*data, *inference.triples], ontology).triples == []


def test_no_rule_speaks_of_an_expression_without_name() -> None:
    for path in CASES:
        for compiled in compile_rules(triples_in(path / "ontology.ttl")):
            for pattern in (*compiled.patterns, *filter(None, [compiled.head])):
                assert all(isinstance(slot, NamedNode) or str(slot)[0] in '?"' for slot in pattern)


# --- the ontology and the rules of the project ------------------------------------------------------

ONTOLOGY = Path(__file__).parents[1] / "ontology"


@pytest.fixture(scope="module")
def ontology() -> list[Triple]:
    files = [ONTOLOGY / "ai-policy.ttl", ONTOLOGY / "external.ttl", *sorted(ONTOLOGY.glob("concepts/*.ttl"))]
    return [triple for path in files for triple in triples_in(path)]


def test_every_chain_of_the_ontology_is_followed(ontology: list[Triple]) -> None:
    chains = [rule for rule in compile_rules(ontology) if rule.name == "prp-spo2"]
    assert chains
    for chain in chains:
        names = {variable: NamedNode(expand(f"id:kz-{variable.value}")) for variable in chain_variables(chain)}
        claims = [pattern.bind(names).triple() for pattern in chain.patterns]
        assert chain.head
        assert chain.head.bind(names).triple() in materialise(claims, ontology).triples


def chain_variables(chain: Rule) -> set[Variable]:
    return {variable for pattern in chain.patterns for variable in pattern.variables}


def test_the_rules_of_the_project_depend_on_nothing_derived(ontology: list[Triple]) -> None:
    check_negation([*compile_rules(ontology), *read_rules(ONTOLOGY / "rules")])


@pytest.mark.slow
def test_owlrl_finds_the_same_under_the_ontology_of_the_project(ontology: list[Triple]) -> None:
    rules = read_rules(ONTOLOGY / "rules")
    claims = [triple for path in sorted(DATA.glob("rules/*/given.ttl")) for triple in triples_in(path)]
    ours, theirs = (engine(claims, ontology, rules) for engine in (materialise, owlrl.materialise))
    assert lines(ours.triples) == lines(theirs.triples)
    assert ours.rounds > 1
