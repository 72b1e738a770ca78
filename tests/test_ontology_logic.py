"""The logic of the vocabulary: inside OWL 2 RL, free of contradictions, and able to find one."""

from __future__ import annotations

import shutil
from pathlib import Path

import owlready2
import pytest
from rdflib import OWL, RDF, RDFS, Graph

from kg.namespaces import PREFIXES
from tests.ontology_files import AIP, DATA, ONTOLOGY, TURTLE, both, parse
from tests.owl_rl_profile import violations


def test_the_ontology_keeps_to_owl_2_rl() -> None:
    assert violations(both()) == []


@pytest.mark.parametrize("path", sorted((DATA / "owl-rl").glob("*.ttl")), ids=lambda path: path.stem)
def test_the_profile_checker_finds_what_leaves_the_profile(path: Path) -> None:
    expected = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expected: ")
    assert violations(parse(path)) == ([] if expected == "nothing" else [expected])


@pytest.mark.parametrize("construct", ["sameAs", "inverseOf", "hasKey", "FunctionalProperty"])
def test_nothing_in_the_ontology_merges_things(construct: str) -> None:
    for path in TURTLE:
        if path.name != "style.ttl":
            assert OWL[construct] not in {term for triple in parse(path) for term in triple}, path


needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="HermiT is a Java program and there is no Java")
owlready2.reasoning.JAVA_MEMORY = 512  # megabytes; its own default is 2,000
PREAMBLE = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in ("aip", "concept", "id"))


def impossible(graph: Graph, folder: Path) -> list[str] | None:
    """The classes that can have no member, by HermiT; None if the whole ontology contradicts itself."""
    file = folder / "ontology.nt"
    graph.serialize(file, format="nt", encoding="utf-8")
    world = owlready2.World()
    world.get_ontology(file.as_uri()).load()
    try:
        owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    return [class_.iri for class_ in world.inconsistent_classes() if class_ is not owlready2.Nothing]


@needs_java
def test_hermit_finds_a_model_in_which_every_class_can_have_members(tmp_path: Path) -> None:
    assert impossible(both() + parse(*(ONTOLOGY / "concepts").glob("*.ttl")), tmp_path) == []


@needs_java
@pytest.mark.parametrize(
    "claim",
    [
        "id:x a aip:Person , aip:Body .",
        "id:x a aip:Asset ; aip:stage concept:stage-adopted .",
        "id:x aip:replaces id:y . id:y aip:replaces id:x .",
    ],
)
def test_hermit_finds_a_contradiction(claim: str, tmp_path: Path) -> None:
    assert impossible(both() + Graph().parse(data=PREAMBLE + claim), tmp_path) is None


@needs_java
def test_hermit_finds_a_class_that_can_have_no_member(tmp_path: Path) -> None:
    both_kinds = Graph()
    both_kinds.add((AIP.Cyborg, RDFS.subClassOf, AIP.Person))
    both_kinds.add((AIP.Cyborg, RDFS.subClassOf, AIP.Asset))
    both_kinds.add((AIP.Cyborg, RDF.type, OWL.Class))
    assert impossible(both() + both_kinds, tmp_path) == [str(AIP.Cyborg)]
