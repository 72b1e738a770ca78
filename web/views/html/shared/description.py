"""The accepted statements about a thing, property by property, each value with its evidence badge."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.graph import LANGUAGES
from kg.namespaces import expand
from kg.terms import AIP, GRAPH, RDF, RDFS, SKOS, Term
from web.snapshot import per_snapshot, snapshot
from web.views.html.shared.evidence_badge import EvidenceBadge, GraphsByTriple, badge_from, graphs_by_triple
from web.views.html.shared.lookup import ACCEPTED, SOURCES, exists, named_nodes, subjects
from web.views.html.shared.terms import sort_key

_APART = {
    *(RDF.type, RDFS.label, AIP.translatedLabel, SKOS.altLabel, AIP.country, AIP.topic, AIP.sector),
    *(AIP.ordinal, AIP.release, AIP.earliest, AIP.latest, AIP.evidence, AIP.originCount),
}
"""Properties with a place of their own on the page, and those for programs."""
_BOUNDS = ("Earliest", "Latest")
_FIRST = (
    *("dcterms:description", "aip:gist", "aip:verdict", "aip:purpose", "aip:function", "aip:actNumber"),
    *("aip:of", "aip:stage", "aip:status", "aip:date", "aip:by", "aip:from", "aip:to", "aip:lastSeen"),
    *("aip:formulationOf", "aip:setBy", "aip:settingLevel", "aip:metric", "aip:comparator", "aip:targetValue"),
    *("aip:value", "aip:unit", "aip:deadline", "aip:baselineValue", "aip:baselineDate", "aip:about"),
    *("aip:adoptedOn", "aip:signedOn", "aip:publishedOn", "aip:inForceFrom", "aip:repealedOn"),
    *("aip:establishedOn", "aip:launchedOn", "aip:issuedBy", "aip:responsibleBody", "aip:postIn", "aip:partOf"),
    *("aip:replaces", "aip:implements", "aip:amends", "aip:repeals", "aip:basedOn", "aip:locatedIn"),
)
"""Properties that a reader wants first, in this order; the others follow by name."""
_LAST = ("schema:url", "skos:exactMatch", "skos:closeMatch", "skos:relatedMatch")
_PLACES = {expand(n): i for i, n in enumerate(_FIRST)} | {expand(n): 900 + i for i, n in enumerate(_LAST)}


@dataclass(frozen=True)
class Value:
    """A value of a property with its badge."""

    term: Term
    badge: EvidenceBadge | None


@dataclass(frozen=True)
class Fact:
    """A property of a thing with its values."""

    predicate: NamedNode
    values: Sequence[Value]


@dataclass(frozen=True)
class Description:
    """A thing as its page begins.

    :param kinds: its most specific classes
    :param facts: its properties in our vocabulary
    :param elsewhere: the same in other vocabularies, inferred
    """

    thing: NamedNode
    kinds: Sequence[Value]
    names: Sequence[Value]
    facts: Sequence[Fact]
    elsewhere: Sequence[Fact]
    countries: Sequence[Value]
    topics: Sequence[Value]


def describe(thing: NamedNode) -> Description:
    """The accepted statements about a thing, and what the graph of sources says of it."""
    return _Describer(thing).description()


class _Describer:
    """Reads the triples of a thing once.

    :ivar graphs: the named graphs of each triple
    :ivar accepted: those triples that are accepted or describe a source
    """

    def __init__(self, thing: NamedNode) -> None:
        self.thing = thing
        self.graphs: GraphsByTriple = graphs_by_triple(snapshot().store.quads_for_pattern(thing, None, None, None))
        self.accepted = [key for key, names in self.graphs.items() if ACCEPTED in names or SOURCES in names]

    def description(self) -> Description:
        ours: list[Fact] = []
        elsewhere: list[Fact] = []
        predicates = named_nodes({key[1] for key in self.accepted} - _APART)
        predicates = [one for one in predicates if one not in AIP or not one.value.endswith(_BOUNDS)]
        for predicate in sorted(predicates, key=lambda one: (_PLACES.get(one.value, 500), one.value)):
            if values := self.values(predicate):
                derived = all(self.is_inferred(predicate, value.term) for value in values)
                group = elsewhere if derived and predicate not in AIP else ours
                group.append(Fact(predicate, values))
        topics = [*self.values(AIP.topic), *self.values(AIP.sector)]
        return Description(self.thing, self.kinds(), self.names(), ours, elsewhere, self.values(AIP.country), topics)

    def values(self, predicate: NamedNode) -> list[Value]:
        """The accepted values of a property."""
        terms = [key[2] for key in self.accepted if key[1] == predicate and not isinstance(key[2], BlankNode)]
        return self.badged((predicate, term) for term in sorted(terms, key=_order))

    def kinds(self) -> list[Value]:
        """The classes of ours that are asserted of a thing; those above them all follow."""
        own = [key[2] for key in self.accepted if key[1] == RDF.type and key[2] in AIP]
        classes = [term for term in own if term in _stage_classes()]
        classes = classes or [term for term in own if not self.is_inferred(RDF.type, term)] or own
        return self.badged((RDF.type, term) for term in sorted(set(classes), key=str))

    def names(self) -> list[Value]:
        """Names in sources, our translations and other names, in the fixed order of languages."""
        translated = {key[2] for key in self.accepted if key[1] == AIP.translatedLabel}
        names = [(key[1], key[2]) for key in self.accepted if key[1] in (RDFS.label, SKOS.altLabel)]
        pairs = [(AIP.translatedLabel if text in translated else predicate, text) for predicate, text in names]
        return self.badged(sorted(pairs, key=lambda pair: _order(pair[1])))

    def badged(self, pairs: Iterable[tuple[Term, Term]]) -> list[Value]:
        """Values of properties with their badges."""
        return [Value(term, badge_from(self.graphs, self.thing, predicate, term)) for predicate, term in pairs]

    def is_inferred(self, predicate: NamedNode, value: Term) -> bool:
        """Whether a triple is inferred only."""
        return set(self.graphs[self.thing, predicate, value]) <= {ACCEPTED, GRAPH.inferred}


def _order(term: Term) -> tuple[int, str]:
    """By the fixed order of languages, then by text."""
    if isinstance(term, Literal):
        return (LANGUAGES.index(term.language) if term.language in LANGUAGES else len(LANGUAGES)), term.value
    return 0, sort_key(term)[0] if isinstance(term, NamedNode) else str(term)


@per_snapshot()
def _stage_classes() -> frozenset[Term]:
    """The classes of life-cycle events, which follow from the stage."""
    return frozenset(subjects(RDFS.subClassOf, AIP.LifecycleEvent, GRAPH.ontology))


def is_translated(thing: NamedNode, term: Term) -> bool:
    """Whether a name is a translation of ours."""
    return exists(thing, AIP.translatedLabel, term)
