"""The concept schemes: whole, in two languages, named as the data expect them (SKOS Reference)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from kg.namespaces import expand, shorten

FOLDER = Path(__file__).parents[1] / "ontology" / "concepts"
TYPE = NamedNode(expand("rdf:type"))
CONCEPT = NamedNode(expand("skos:Concept"))
SCHEME = NamedNode(expand("skos:ConceptScheme"))

# How the names of the members of a scheme begin.
PREFIXES = {
    "binding-forces": "force",
    "certainties": "certainty",
    "comparators": "comparator",
    "confidences": "confidence",
    "coverage-results": "coverage",
    "dimensions": "dimension",
    "directions": "direction",
    "figures": "figure",
    "focuses": "focus",
    "hedges": "hedge",
    "identifier-schemes": "identifier",
    "instrument-types": "instrument",
    "matters": "matter",
    "name-kinds": "name",
    "no-deadline-reasons": "nodeadline",
    "period-bases": "basis",
    "provision-kinds": "provision",
    "qualifiers": "qualifier",
    "ratings": "rating",
    "resolutions": "resolution",
    "sectors": "sector",
    "setting-levels": "level",
    "source-kinds": "source",
    "stages": "stage",
    "stances": "stance",
    "state-reasons": "reason",
    "statuses": "status",
    "target-states": "state",
    "tasks": "task",
    "topics": "topic",
    "units": "unit",
}

# Steps after which a thing is in the status it was in before.
STAGES_WITHOUT_STATUS = {
    "presented",
    "discussed",
    "registered",
    "published",
    "delivered",
    "awarded",
    "amended",
    "renamed",
}


@pytest.fixture(scope="module")
def concepts() -> Store:
    store = Store()
    for path in sorted(FOLDER.glob("*.ttl")):
        store.load(path=str(path), format=RdfFormat.TURTLE)
    return store


def subjects(store: Store, kind: NamedNode) -> list[NamedNode]:
    return sorted((quad.subject for quad in store.quads_for_pattern(None, TYPE, kind)), key=str)


def values(store: Store, subject: NamedNode, name: str) -> list[NamedNode | Literal]:
    return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(expand(name)), None)]


def languages(terms: list[NamedNode | Literal]) -> Counter[str | None]:
    return Counter(term.language for term in terms if isinstance(term, Literal))


def test_one_file_a_scheme(concepts: Store) -> None:
    expected = {f"concept:{path.stem}" for path in FOLDER.glob("*.ttl")}
    assert {shorten(scheme.value) for scheme in subjects(concepts, SCHEME)} == expected
    assert {f"concept:{name}" for name in PREFIXES} == expected


def test_no_scheme_is_empty(concepts: Store) -> None:
    for scheme in subjects(concepts, SCHEME):
        members = concepts.quads_for_pattern(None, NamedNode(expand("skos:inScheme")), scheme)
        assert len(list(members)) > 1, scheme


def test_every_concept_is_in_the_scheme_of_its_name(concepts: Store) -> None:
    for concept in subjects(concepts, CONCEPT):
        (scheme,) = values(concepts, concept, "skos:inScheme")
        prefix = PREFIXES[shorten(scheme.value).removeprefix("concept:")]
        assert shorten(concept.value).startswith(f"concept:{prefix}-")


#: Those that a reader meets most.
DEFINED_IN_RUSSIAN = ("statuses", "stages", "target-states", "instrument-types", "topics")


def test_one_label_and_one_definition_a_language(concepts: Store) -> None:
    for concept in subjects(concepts, CONCEPT) + subjects(concepts, SCHEME):
        tags = languages(values(concepts, concept, "skos:prefLabel"))
        assert tags.keys() >= {"en", "ru"}, concept
        assert set(tags.values()) == {1}, concept
        definitions = values(concepts, concept, "skos:definition")
        assert languages(definitions) in ({"en": 1}, {"en": 1, "ru": 1}), concept
        assert all(definition.value.endswith(".") for definition in definitions), concept


def test_every_scheme_is_explained_in_russian(concepts: Store) -> None:
    for scheme in subjects(concepts, SCHEME):
        assert languages(values(concepts, scheme, "skos:definition")) == {"en": 1, "ru": 1}, scheme


@pytest.mark.parametrize("slug", DEFINED_IN_RUSSIAN)
def test_what_a_reader_meets_most_is_explained_in_russian(concepts: Store, slug: str) -> None:
    scheme = NamedNode(expand(f"concept:{slug}"))
    members = [one for one in subjects(concepts, CONCEPT) if scheme in values(concepts, one, "skos:inScheme")]
    assert len(members) > 5
    for concept in (scheme, *members):
        (text,) = [text for text in values(concepts, concept, "skos:definition") if text.language == "ru"]
        assert re.search("[а-яё]{3}", text.value), concept


def test_no_label_twice_in_a_scheme(concepts: Store) -> None:
    labels: Counter[tuple[NamedNode | Literal, NamedNode | Literal]] = Counter()
    for concept in subjects(concepts, CONCEPT):
        (scheme,) = values(concepts, concept, "skos:inScheme")
        for name in ("skos:prefLabel", "skos:altLabel"):
            labels.update((scheme, label) for label in values(concepts, concept, name))
    assert [key for key, count in labels.items() if count > 1] == []


def test_top_or_below_another_concept_of_the_scheme(concepts: Store) -> None:
    for concept in subjects(concepts, CONCEPT):
        scheme = values(concepts, concept, "skos:inScheme")
        broader = values(concepts, concept, "skos:broader")
        assert (values(concepts, concept, "skos:topConceptOf") == scheme) is not bool(broader), concept
        assert all(values(concepts, above, "skos:inScheme") == scheme for above in broader)


def test_no_cycle_of_broader_concepts(concepts: Store) -> None:
    broader = NamedNode(expand("skos:broader"))
    above = {quad.subject: quad.object for quad in concepts.quads_for_pattern(None, broader, None)}
    for start in above:
        seen = {start}
        here = start
        while here in above:
            here = above[here]
            assert here not in seen, start
            seen.add(here)


def test_every_concept_that_is_named_exists(concepts: Store) -> None:
    defined = set(subjects(concepts, CONCEPT)) | set(subjects(concepts, SCHEME))
    namespace = expand("concept:")
    named = {
        quad.object
        for quad in concepts
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(namespace)
    }
    assert named <= defined


def test_a_notation_stands_for_one_unit(concepts: Store) -> None:
    notation = NamedNode(expand("skos:notation"))
    notations = Counter(quad.object.value for quad in concepts.quads_for_pattern(None, notation, None))
    assert max(notations.values()) == 1


def test_stages_have_a_rank_of_their_own_and_a_status(concepts: Store) -> None:
    stages = [concept for concept in subjects(concepts, CONCEPT) if "/stage-" in concept.value]
    ranks = [int(values(concepts, stage, "aip:rank")[0].value) for stage in stages]
    assert len(set(ranks)) == len(stages)
    without = {stage for stage in stages if not values(concepts, stage, "aip:statusAfter")}
    assert {shorten(stage.value).removeprefix("concept:stage-") for stage in without} == STAGES_WITHOUT_STATUS


def test_kinds_of_sources_have_a_rank_of_their_own_from_the_text_of_an_act_to_the_compilation(concepts: Store) -> None:
    kinds = [concept for concept in subjects(concepts, CONCEPT) if "/source-" in concept.value]
    ranks = {int(values(concepts, kind, "aip:rank")[0].value): shorten(kind.value) for kind in kinds}
    assert len(ranks) == len(kinds)
    assert ranks[min(ranks)] == "concept:source-official-law"
    assert ranks[max(ranks)] == "concept:source-compilation"


def test_statuses_and_states_say_how_they_are_computed(concepts: Store) -> None:
    for concept in subjects(concepts, CONCEPT):
        if shorten(concept.value).startswith(("concept:status-", "concept:state-")):
            (note,) = values(concepts, concept, "skos:scopeNote")
            assert note.value.startswith(("Computed:", "Never computed;")), concept
