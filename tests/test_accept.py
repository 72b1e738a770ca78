"""Acceptance: what rulings reject, what refines, what disagrees, and the ruling to paste."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.accept import Acceptance, accept
from kg.errors import DisagreementError
from kg.namespaces import PREFIXES, expand
from kg.read import read_data, read_ontology
from kg.settings import ROOT, Settings
from kg.terms import EDTF, GRAPH, XSD
from kg.values import date_bounds, value_key
from kg.vocabulary import Vocabulary

DATA = Path(__file__).parent / "data"
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
TODAY = date(2026, 11, 25)
EVENT = NamedNode(expand("id:kz-law--adopted-1"))
DATE = NamedNode(expand("aip:date"))
TYPED = "id:kz-law--adopted-1 a aip:LifecycleEvent"


def read_vocabulary() -> Vocabulary:
    documents = read_ontology(Settings.default(ROOT))
    return Vocabulary.from_quads(quad for document in documents for quad in document.quads)


VOCABULARY = read_vocabulary()


def quads(trig: str) -> list[Quad]:
    """The quads of a text below the usual prefixes."""
    return list(parse((HEAD + trig).encode(), format=RdfFormat.TRIG))


def accepting(trig: str) -> Acceptance:
    """What is accepted of a text."""
    return accept(quads(trig), VOCABULARY)


def claims(*values: str, property_: str = "aip:date", subject: str = TYPED) -> str:
    """Each value in an assertion of its own."""
    return "\n".join(
        f"assertion:s{number}.1 {{ {subject} ; {property_} {value} . }}" for number, value in enumerate(values)
    )


def ruling(body: str, subject: str = "id:kz-law--adopted-1") -> str:
    return f"graph:rulings {{ id:kz-ruling-x a aip:Ruling ; aip:onSubject {subject} ; {body} . }}"


def values(acceptance: Acceptance, property_: str = "aip:date") -> set[str]:
    """The texts of the accepted values of a property."""
    predicate = NamedNode(expand(property_))
    found = [triple.object for triple in acceptance.accepted if triple.predicate == predicate]
    return {value.value for value in found if isinstance(value, Literal | NamedNode)}


def test_a_claim_of_two_sources_is_accepted_once() -> None:
    acceptance = accepting(claims('"2024"^^xsd:gYear', '"2024"^^xsd:gYear'))
    assert values(acceptance) == {"2024"}
    assert len(acceptance.accepted) == 2
    assert acceptance.disagreements == ()


def test_registry_and_editorial_are_accepted_and_descriptions_are_not() -> None:
    acceptance = accepting(
        """graph:registry { id:kz a aip:Country . }
        graph:editorial { id:kz aip:topic concept:topic-data . }
        graph:coverage { id:kz-coverage-x aip:country id:kz . }
        graph:sources { source:a a aip:Source . }
        id:kz aip:country id:kz ."""
    )
    assert {str(triple.predicate) for triple in acceptance.accepted} == {
        f"<{expand('rdf:type')}>",
        f"<{expand('aip:topic')}>",
    }


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        (['"2024"^^xsd:gYear', '"2024-10-14"^^xsd:date'], "2024-10-14"),
        (['"2024-10"^^xsd:gYearMonth', '"2024-23"^^edtf:EDTF'], "2024-10"),
        (['"2024-10-30/2024-10-31"^^edtf:EDTF', '"2024-10"^^xsd:gYearMonth'], "2024-10-30/2024-10-31"),
        (['"2024~"^^edtf:EDTF', '"2024"^^xsd:gYear'], "2024"),
        (['"2024"^^xsd:gYear', '"2024-10"^^xsd:gYearMonth', '"2024-10-14"^^xsd:date'], "2024-10-14"),
        (['"../2026"^^edtf:EDTF', '"2025"^^xsd:gYear'], "2025"),
    ],
)
def test_a_finer_date_stands_for_coarser_ones(given_: list[str], kept: str) -> None:
    acceptance = accepting(claims(*given_))
    assert values(acceptance) == {kept}
    assert acceptance.disagreements == ()
    assert len(acceptance.refined) == len(given_) - 1
    assert {str(value.object).split('"')[1] for value in acceptance.refined.values()} == {kept}


def test_dates_that_overlap_disagree() -> None:
    acceptance = accepting(claims('"2024-12/2025-02"^^edtf:EDTF', '"2025"^^xsd:gYear'))
    assert values(acceptance) == set()
    assert len(acceptance.disagreements) == 1


def test_a_coarse_date_does_not_hide_that_two_fine_ones_disagree() -> None:
    acceptance = accepting(claims('"2024"^^xsd:gYear', '"2024-10-14"^^xsd:date', '"2024-11"^^xsd:gYearMonth'))
    assert values(acceptance) == set()
    assert [value.value.value for value in acceptance.disagreements[0].values] == ["2024-10-14", "2024-11"]  # type: ignore[union-attr]


def test_numbers_written_otherwise_agree() -> None:
    target = "id:kz-t--kz-law-1 a aip:Formulation"
    acceptance = accepting(claims("1.5e9", "1500000000", "1500000000.0", property_="aip:targetValue", subject=target))
    assert values(acceptance, "aip:targetValue") == {"1500000000"}
    assert len(acceptance.refined) == 2


def test_many_values_of_a_property_that_may_have_many() -> None:
    tenure = "id:kz-post--kz-a-1 a aip:Tenure"
    text = claims('"2024"^^xsd:gYear', '"2024-10"^^xsd:gYearMonth', property_="aip:lastSeen", subject=tenure)
    assert values(accepting(text), "aip:lastSeen") == {"2024", "2024-10"}


def test_a_disagreement_names_values_and_the_assertions_of_each() -> None:
    (found,) = accepting(claims('"2023"^^xsd:gYear', '"2024"^^xsd:gYear')).disagreements
    assert str(found) == (
        "sources disagree on aip:date of id:kz-law--adopted-1: "
        '"2023"^^xsd:gYear (assertion:s0.1); "2024"^^xsd:gYear (assertion:s1.1)'
    )


def test_a_disagreement_names_three_sources_of_a_value_and_counts_the_others() -> None:
    text = "".join(claims('"2023"^^xsd:gYear').replace("s0.1", f"s{n}.{m}") for n in range(7) for m in (1, 2))
    (found,) = accepting(text + claims('"2024"^^xsd:gYear').replace("s0.1", "z.1")).disagreements
    assert [str(value) for value in found.values] == [
        '"2023"^^xsd:gYear (assertion:s0.1, assertion:s1.1, assertion:s2.1 and 4 more)',
        '"2024"^^xsd:gYear (assertion:z.1)',
    ]


def test_one_assertion_can_disagree_with_itself() -> None:
    text = f'assertion:a.1 {{ {TYPED} ; aip:date "2023"^^xsd:gYear , "2024"^^xsd:gYear . }}'
    assert len(accepting(text).disagreements) == 1


def test_a_claim_can_disagree_with_the_registry() -> None:
    text = """graph:registry { id:kz-metric a aip:Metric ; aip:unit concept:unit-people . }
        assertion:a.1 { id:kz-metric aip:unit concept:unit-percent . }"""
    (found,) = accepting(text).disagreements
    assert [str(value) for value in found.values] == [
        "concept:unit-people (graph:registry)",
        "concept:unit-percent (assertion:a.1)",
    ]


def test_the_ruling_to_paste_settles_the_disagreement() -> None:
    text = claims('"2023"^^xsd:gYear', '"2024"^^xsd:gYear', '"2025"^^xsd:gYear')
    (found,) = accepting(text).disagreements
    pasted = found.ruling(TODAY)
    assert pasted.splitlines() == [
        "id:kz-ruling-law--adopted-1-date a aip:Ruling ;",
        "  aip:onSubject id:kz-law--adopted-1 ;",
        "  aip:onProperty aip:date ;",
        '  aip:upholds "2023"^^xsd:gYear ;',
        '  aip:rejects "2024"^^xsd:gYear , "2025"^^xsd:gYear ;',
        "  aip:resolution concept:resolution-resolved ;",
        '  aip:reason ""@en ;',
        '  dcterms:created "2026-11-25"^^xsd:date .',
    ]
    acceptance = accepting(text + f"graph:rulings {{ {pasted} }}")
    assert acceptance.disagreements == ()
    assert values(acceptance) == {"2023"}


def test_disagreements_stop_the_build_with_what_to_write() -> None:
    accepting(claims('"2023"^^xsd:gYear')).raise_for_disagreements(TODAY)
    with pytest.raises(DisagreementError) as caught:
        accepting(claims('"2023"^^xsd:gYear', '"2024"^^xsd:gYear')).raise_for_disagreements(TODAY)
    assert "assertion:s0.1" in str(caught.value)
    assert "aip:onProperty aip:date" in str(caught.value.hint)
    assert len(caught.value.details) == 1


def test_a_rejected_value_falls_out_and_its_ruling_is_known() -> None:
    acceptance = accepting(
        claims('"2023"^^xsd:gYear', '"2024"^^xsd:gYear')
        + ruling('aip:onProperty aip:date ; aip:rejects "2023"^^xsd:gYear')
    )
    assert values(acceptance) == {"2024"}
    assert acceptance.rejected == {
        Triple(EVENT, DATE, Literal("2023", datatype=XSD.gYear)): NamedNode(expand("id:kz-ruling-x"))
    }


def test_a_rejected_number_falls_out_however_it_is_written() -> None:
    target = "id:kz-t--kz-law-1"
    acceptance = accepting(
        claims("1.5e9", "1500000000", "2", property_="aip:targetValue", subject=f"{target} a aip:Formulation")
        + ruling("aip:onProperty aip:targetValue ; aip:rejects 1500000000.0", target)
    )
    assert values(acceptance, "aip:targetValue") == {"2"}
    assert len(acceptance.rejected) == 2


def test_a_value_is_rejected_of_one_subject_and_property_only() -> None:
    text = f'assertion:a.1 {{ {TYPED} ; aip:date "2023"^^xsd:gYear . id:kz-other aip:date "2023"^^xsd:gYear . }}'
    acceptance = accepting(text + ruling('aip:onProperty aip:date ; aip:rejects "2023"^^xsd:gYear'))
    assert [str(t.subject) for t in acceptance.accepted if t.predicate == DATE] == [f"<{expand('id:kz-other')}>"]


def test_what_a_ruling_leaves_can_still_disagree() -> None:
    acceptance = accepting(
        claims('"2022"^^xsd:gYear', '"2023"^^xsd:gYear', '"2024"^^xsd:gYear')
        + ruling('aip:onProperty aip:date ; aip:upholds "2022"^^xsd:gYear ; aip:rejects "2023"^^xsd:gYear')
    )
    assert len(acceptance.disagreements) == 1
    assert len(acceptance.rejected) == 1


def test_a_rejected_node_goes_whole() -> None:
    acceptance = accepting(
        f"""assertion:a.1 {{ {TYPED} ; aip:of id:kz-law . }}
        assertion:a.2 {{ id:kz-law aip:partOf id:kz-law--adopted-1 ; aip:basedOn id:kz . }}
        graph:editorial {{ id:kz-law--adopted-1 aip:topic concept:topic-data . }}"""
        + ruling("aip:rejectsNode id:kz-law--adopted-1")
    )
    assert len(acceptance.rejected) == 4
    assert {str(triple.predicate) for triple in acceptance.accepted} == {f"<{expand('aip:basedOn')}>"}


def test_unresolved_values_are_in_no_accepted_triple() -> None:
    acceptance = accepting(
        claims('"2023"^^xsd:gYear', '"2024"^^xsd:gYear')
        + ruling("aip:onProperty aip:date ; aip:resolution concept:resolution-unresolved")
    )
    assert values(acceptance) == set()
    assert len(acceptance.disputed) == 2
    assert acceptance.disagreements == ()


def test_an_unresolved_property_that_may_have_many_values_falls_out_too() -> None:
    verdict = "id:kz--assessment-x a aip:Assessment"
    acceptance = accepting(
        claims('"ahead"@en', '"behind"@en', property_="aip:verdict", subject=verdict)
        + ruling("aip:onProperty aip:verdict ; aip:resolution concept:resolution-unresolved", "id:kz--assessment-x")
    )
    assert len(acceptance.disputed) == 2
    assert values(acceptance, "aip:verdict") == set()


COMPATIBLE = (
    'aip:onProperty aip:date ; aip:upholds "2023"^^xsd:gYear , "2024"^^xsd:gYear ; '
    "aip:resolution concept:resolution-compatible"
)


def test_compatible_values_stand_beside_each_other() -> None:
    acceptance = accepting(claims('"2023"^^xsd:gYear', '"2024"^^xsd:gYear', '"202X"^^edtf:EDTF') + ruling(COMPATIBLE))
    assert values(acceptance) == {"2023", "2024"}
    assert len(acceptance.compatible) == 2
    assert len(acceptance.refined) == 1


def test_a_third_value_disagrees_with_compatible_ones() -> None:
    acceptance = accepting(claims('"2023"^^xsd:gYear', '"2024"^^xsd:gYear', '"2025"^^xsd:gYear') + ruling(COMPATIBLE))
    assert values(acceptance) == set()
    assert len(acceptance.disagreements[0].values) == 3


def test_registry_types_of_which_one_is_a_kind_of_the_other_agree() -> None:
    acceptance = accepting("graph:registry { id:kz-code a aip:Law , aip:Code , aip:Instrument . }")
    assert len(acceptance.accepted) == 3
    assert acceptance.disagreements == ()


def test_registry_types_that_differ_disagree() -> None:
    acceptance = accepting("graph:registry { id:kz-x a aip:Ministry , aip:Agency , aip:Body . }")
    assert values(acceptance, "rdf:type") == {expand("aip:Body")}
    assert [str(value).split()[0] for value in acceptance.disagreements[0].values] == [
        "aip:Agency",
        "aip:Ministry",
    ]


def test_labels_of_one_language_disagree() -> None:
    acceptance = accepting('graph:registry { id:kz-x rdfs:label "A"@en , "B"@en , "Б"@ru . }')
    assert values(acceptance, "rdfs:label") == {"Б"}
    assert len(acceptance.disagreements) == 1


def test_the_invented_country() -> None:
    documents = read_data(Settings(DATA, DATA, DATA / "valid", DATA, DATA, DATA))
    found = accept((quad for document in documents for quad in document.quads), VOCABULARY)
    event = [triple for triple in found.rejected if "university--established-1" in str(triple.subject)]
    assert len(event) == 5
    assert len(found.rejected) == 6
    assert values(found, "aip:value") == {"850", "900"}
    assert len(found.compatible) == 2
    assert found.disagreements == ()


days = st.dates(min_value=date(2020, 1, 1), max_value=date(2022, 12, 31))
dated = st.one_of(
    days.map(lambda day: Literal(day.isoformat(), datatype=XSD.date)),
    days.map(lambda day: Literal(day.strftime("%Y-%m"), datatype=XSD.gYearMonth)),
    days.map(lambda day: Literal(str(day.year), datatype=XSD.gYear)),
    days.map(lambda day: Literal(f"{day.year}-22", datatype=EDTF.EDTF)),
    st.just(Literal("202X", datatype=EDTF.EDTF)),
)
said = st.lists(dated, min_size=1, max_size=6)


def dated_quads(dates: list[Literal]) -> list[Quad]:
    typed = quads(f"assertion:t.1 {{ {TYPED} . }}")
    graphs = [NamedNode(expand(f"assertion:s{number}.1")) for number in range(len(dates))]
    return typed + [Quad(EVENT, DATE, value, graph) for value, graph in zip(dates, graphs, strict=True)]


@given(said)
def test_every_triple_comes_to_exactly_one_end(dates: list[Literal]) -> None:
    found = accept(dated_quads(dates), VOCABULARY)
    accepted = {triple.object for triple in found.accepted if triple.predicate == DATE}
    refined = {triple.object for triple in found.refined}
    contested = {value.value for disagreement in found.disagreements for value in disagreement.values}
    assert accepted.isdisjoint(refined)
    assert bool(accepted) != bool(contested)
    assert accepted | refined | contested <= set(dates)
    if not contested:
        assert accepted | refined == set(dates)
        assert len(accepted) == 1


@given(said)
def test_one_date_is_accepted_exactly_when_it_refines_all_others(dates: list[Literal]) -> None:
    found = accept(dated_quads(dates), VOCABULARY)
    spans = [span for span in map(date_bounds, dates) if span]
    finest = max(first for first, _ in spans), min(last for _, last in spans)
    assert (found.disagreements == ()) == (finest in spans)


@given(said, st.randoms())
def test_the_order_of_files_does_not_matter(dates: list[Literal], random: object) -> None:
    given_ = dated_quads(dates)
    shuffled = list(given_)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = accept(given_, VOCABULARY), accept(shuffled, VOCABULARY)
    assert one.accepted == other.accepted
    assert one.refined == other.refined
    assert [{v.value for v in d.values} for d in one.disagreements] == [
        {v.value for v in d.values} for d in other.disagreements
    ]


@given(said, st.data())
def test_a_rejected_value_is_never_accepted(dates: list[Literal], data: st.DataObject) -> None:
    rejected = data.draw(st.sampled_from(dates))
    graph, name = GRAPH.rulings, NamedNode(expand("id:kz-ruling-x"))
    rule = [
        Quad(name, NamedNode(expand("aip:onSubject")), EVENT, graph),
        Quad(name, NamedNode(expand("aip:onProperty")), DATE, graph),
        Quad(name, NamedNode(expand("aip:rejects")), rejected, graph),
    ]
    found = accept(dated_quads(dates) + rule, VOCABULARY)
    assert rejected not in {triple.object for triple in found.accepted}
    assert {value_key(triple.object) for triple in found.rejected} == {value_key(rejected)}
