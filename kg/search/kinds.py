"""The kinds of things that can be found, in the order they are shown, and how much each weighs."""

from kg.namespaces import local_name

_KINDS = {
    "question": ("", 1.0),
    "country": ("Country", 3.0),
    "instrument": (
        "Law Code Decree Resolution Strategy Concept Programme Plan Agreement Draft Instrument LegalAct",
        2.0,
    ),
    "provision": ("Provision", 1.2),
    "target": ("Target Milestone Objective Commitment", 1.4),
    "body": (
        "Government Parliament Ministry Agency AdvisoryCouncil ResearchCentre University School Company TechPark "
        "InternationalOrganisation Fund Association Court Body",
        1.6,
    ),
    "person": ("Person Post", 1.6),
    "asset": (
        "ComputeFacility DataCentre DataPlatform Network DigitalService LanguageModel Laboratory EducationProgramme "
        "Project Asset Funding",
        1.4,
    ),
    "event": ("Forum Meeting Address Presentation Prize Event", 1.2),
    "place": ("Place Region", 1.0),
    "measure": ("Metric Index IndexEdition", 0.8),
    "publisher": ("Publisher", 0.7),
    "concept": ("", 0.9),
    "term": ("", 0.5),
    "passage": ("", 0.9),
    "source": ("", 0.8),
}
KINDS = tuple(_KINDS)
"""The kinds by which results are told apart."""
WEIGHTS = {kind: weight for kind, (_, weight) in _KINDS.items()}
"""How much a result of a kind counts against one of another."""
_KIND_OF = {name: kind for kind, (names, _) in _KINDS.items() for name in names.split()}


def kind_of_class(iri: str) -> str:
    """The kind that things of a class are; empty if they are none."""
    return _KIND_OF.get(local_name(iri), "")
