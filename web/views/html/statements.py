"""What stands of a thing, property by property, each value with its mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.labels import LANGUAGES, Term
from kg.namespaces import GRAPH_ACCEPTED, GRAPH_INFERRED, GRAPH_SOURCES, PREFIXES, expand
from web.snapshot import snapshot
from web.views.html.evidence_badge import Mark
from web.views.html.facts import TYPE, Held, graphs_of, mark
from web.views.html.terms import name, node

_LABEL, _TRANSLATED = NamedNode(expand("rdfs:label")), NamedNode(expand("aip:translatedLabel"))
_ALTERNATIVE = NamedNode(expand("skos:altLabel"))
_AIP = PREFIXES["aip"]
_APART = ("aip:country", "aip:topic", "aip:sector", "aip:ordinal", "aip:release", "aip:evidence", "aip:originCount")
_BOUNDS = ("Earliest", "Latest")
#: Properties that a reader wants first, in this order; the others follow by name.
_FIRST = (
    *("dcterms:description", "aip:gist", "aip:verdict", "aip:purpose", "aip:function", "aip:actNumber"),
    *("aip:of", "aip:stage", "aip:status", "aip:date", "aip:by", "aip:from", "aip:to", "aip:lastSeen"),
    *("aip:formulationOf", "aip:setBy", "aip:settingLevel", "aip:metric", "aip:comparator", "aip:targetValue"),
    *("aip:value", "aip:unit", "aip:deadline", "aip:baselineValue", "aip:baselineDate", "aip:about"),
    *("aip:adoptedOn", "aip:signedOn", "aip:publishedOn", "aip:inForceFrom", "aip:repealedOn"),
    *("aip:establishedOn", "aip:launchedOn", "aip:issuedBy", "aip:responsibleBody", "aip:postIn", "aip:partOf"),
    *("aip:replaces", "aip:implements", "aip:amends", "aip:repeals", "aip:basedOn", "aip:locatedIn"),
)
_LAST = ("schema:url", "skos:exactMatch", "skos:closeMatch", "skos:relatedMatch")


@dataclass(frozen=True)
class Value:
    """A value of a property with what stands behind it."""

    term: Term
    mark: Mark | None


@dataclass(frozen=True)
class Fact:
    """A property of a thing with its values."""

    predicate: NamedNode
    values: Sequence[Value]


@dataclass(frozen=True)
class Description:
    """A thing as its page begins: what it is, what it is called, what is said of it.

    :param kinds: its most special classes
    :param facts: what our own words say
    :param elsewhere: the same in the words of other vocabularies, inferred
    """

    thing: NamedNode
    kinds: Sequence[Value]
    names: Sequence[Value]
    facts: Sequence[Fact]
    elsewhere: Sequence[Fact]
    countries: Sequence[Value]
    topics: Sequence[Value]


def describe(thing: NamedNode) -> Description:
    """What the graph stands behind, of one thing."""
    held = graphs_of(snapshot().store.quads_for_pattern(thing, None, None, None))
    stated = {key: graphs for key, graphs in held.items() if GRAPH_ACCEPTED in graphs or GRAPH_SOURCES in graphs}
    ours: list[Fact] = []
    elsewhere: list[Fact] = []
    for predicate in sorted({key[1] for key in stated if isinstance(key[1], NamedNode)}, key=_place):
        values = values_of(held, stated, thing, predicate)
        if values and not _hidden(predicate):
            derived = all(_only_inferred(held[thing, predicate, value.term]) for value in values)
            group = elsewhere if derived and not predicate.value.startswith(_AIP) else ours
            group.append(Fact(predicate, values))
    topics = [v for p in ("aip:topic", "aip:sector") for v in values_of(held, stated, thing, node(p))]
    return Description(
        thing,
        _kinds(held, stated, thing),
        _names(held, stated, thing),
        ours,
        elsewhere,
        values_of(held, stated, thing, node("aip:country")),
        topics,
    )


def values_of(held: Held, stated: Held, thing: NamedNode, predicate: NamedNode) -> list[Value]:
    """The values of a property that stand, each with its mark."""
    terms = sorted((key[2] for key in stated if key[1] == predicate and not isinstance(key[2], BlankNode)), key=_order)
    return [Value(term, mark(held, thing, predicate, term)) for term in terms]


def _order(term: Term) -> tuple[int, str]:
    """In the reader's own language first, then by text."""
    if isinstance(term, Literal):
        return (LANGUAGES.index(term.language) if term.language in LANGUAGES else len(LANGUAGES)), term.value
    return 0, name(term).text.casefold()


def _only_inferred(graphs: Sequence[str]) -> bool:
    return set(graphs) <= {GRAPH_ACCEPTED, GRAPH_INFERRED}


def _hidden(predicate: NamedNode) -> bool:
    if predicate in (TYPE, _LABEL, _TRANSLATED, _ALTERNATIVE) or predicate.value in map(expand, _APART):
        return True
    ours = predicate.value.startswith(_AIP)
    return ours and (predicate.value.endswith(_BOUNDS) or predicate.value in (_AIP + "earliest", _AIP + "latest"))


_PLACES = {expand(n): i for i, n in enumerate(_FIRST)} | {expand(n): 900 + i for i, n in enumerate(_LAST)}


def _place(predicate: NamedNode) -> tuple[int, str]:
    return _PLACES.get(predicate.value, 500), predicate.value


def _kinds(held: Held, stated: Held, thing: NamedNode) -> list[Value]:
    """The classes of ours that a thing is in by what was said of it; above them are all that follow."""
    own = [key for key in stated if key[1] == TYPE and str(getattr(key[2], "value", "")).startswith(_AIP)]
    said = [key for key in own if not _only_inferred(held[key])] or own
    special = [key for key in own if key[2] in stage_classes()]
    classes = sorted({key[2] for key in special or said}, key=str)
    return [Value(cls, mark(held, thing, TYPE, cls)) for cls in classes]


def stage_classes() -> set[Term]:
    """The classes of life-cycle events, which follow from the stage."""
    cache = snapshot().cache
    if "stage classes" not in cache:
        below = snapshot().store.quads_for_pattern(None, node("rdfs:subClassOf"), node("aip:LifecycleEvent"), None)
        cache["stage classes"] = {quad.subject for quad in below}
    found: set[Term] = cache["stage classes"]
    return found


def _names(held: Held, stated: Held, thing: NamedNode) -> list[Value]:
    """All names: as sources give them, translations of ours, other names; in the fixed order of languages."""
    translated = {key[2] for key in stated if key[1] == _TRANSLATED}
    found = [
        Value(key[2], mark(held, thing, key[1] if key[2] not in translated else _TRANSLATED, key[2]))
        for key in stated
        if key[1] in (_LABEL, _ALTERNATIVE) and isinstance(key[1], NamedNode)
    ]
    return sorted(found, key=lambda value: _order(value.term))


def is_translated(thing: NamedNode, term: Term) -> bool:
    """Whether a name is a translation of ours."""
    found = snapshot().store.quads_for_pattern(thing, _TRANSLATED, term, None)
    return any(True for _ in found)
