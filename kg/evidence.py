"""Who says so: the assertions behind each claim of a thing, counted by origin.

An assertion is a named graph, so the evidence for a claim is every graph that holds it. A source
that rewrites another is not a second witness: witnesses are counted by the source at the root of
``aip:rewrites``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.labels import Term
from kg.namespaces import GRAPH_ACCEPTED, GRAPH_RULINGS, GRAPH_SOURCES, PREFIXES, expand
from kg.origins import rewrite_chain

_SOURCES, _ACCEPTED, _RULINGS = (NamedNode(name) for name in (GRAPH_SOURCES, GRAPH_ACCEPTED, GRAPH_RULINGS))
_TYPE = NamedNode(expand("rdf:type"))
#: Properties by which a keyed node hangs on the thing it is about.
OWNING = tuple(
    NamedNode(expand(name))
    for name in ("aip:of", "aip:formulationOf", "aip:holder", "aip:post", "aip:about", "aip:speaker")
)


@dataclass(frozen=True)
class Witness:
    """One assertion of a claim, with the passage and source it stands in."""

    assertion: str
    source: str
    origin: str
    title: str
    publisher: str | None
    issued: str | None
    locator: str
    paraphrase: str
    url: str | None
    confidence: str
    hedge: str
    kind: str
    created: str | None
    voice: str | None = None


@dataclass(frozen=True)
class Ruling:
    """What we decided on a disagreement, and why."""

    ruling: str
    resolution: str
    reason: str
    created: str | None
    upholds: tuple[Term, ...] = ()
    rejects: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Claim:
    """A claim with its witnesses; ``accepted`` is whether it stands in the view we stand behind."""

    subject: NamedNode
    predicate: NamedNode
    object: Term
    witnesses: tuple[Witness, ...]
    accepted: bool
    rulings: tuple[Ruling, ...] = ()

    @property
    def origins(self) -> int:
        """How many sources of different origin uphold the claim."""
        return len({witness.origin for witness in self.witnesses})


def evidence(store: Store, thing: NamedNode) -> list[Claim]:
    """Every claim about a thing, accepted or not, sorted by property and value."""
    return _claims(store, store.quads_for_pattern(thing, None, None, None))


def claim(store: Store, subject: NamedNode, predicate: NamedNode, value: Term) -> Claim | None:
    """One claim with its witnesses, or ``None`` where no source says so."""
    found = _claims(store, store.quads_for_pattern(subject, predicate, value, None))
    return found[0] if found else None


def owned(store: Store, thing: NamedNode) -> list[NamedNode]:
    """The keyed nodes that hang on a thing: its events, formulations, tenures, observations, statements."""
    nodes = {
        quad.subject
        for owner in OWNING
        for quad in store.quads_for_pattern(None, owner, thing, None)
        if isinstance(quad.subject, NamedNode) and is_assertion(quad)
    }
    return sorted(nodes, key=lambda node: node.value)


def is_assertion(quad: Quad) -> bool:
    """Whether a quad is a claim, that is: stands in the graph of an assertion."""
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(PREFIXES["assertion"])


def _claims(store: Store, quads: Iterable[Quad]) -> list[Claim]:
    graphs: dict[tuple[NamedNode, NamedNode, Term], list[NamedNode]] = {}
    for quad in quads:
        if is_assertion(quad) and quad.predicate != _TYPE:
            graphs.setdefault((quad.subject, quad.predicate, quad.object), []).append(quad.graph_name)  # type: ignore[arg-type]
    claims = [_claim(store, *key, assertions) for key, assertions in graphs.items()]
    return sorted(claims, key=lambda c: (c.subject.value, c.predicate.value, str(c.object)))


def _claim(store: Store, subject: NamedNode, predicate: NamedNode, value: Term, assertions: list[NamedNode]) -> Claim:
    witnesses = tuple(witness(store, assertion) for assertion in sorted(assertions, key=lambda a: a.value))
    accepted = Quad(subject, predicate, value, _ACCEPTED) in store
    return Claim(subject, predicate, value, witnesses, accepted, tuple(rulings(store, subject, predicate)))


def witness(store: Store, assertion: NamedNode) -> Witness:
    """An assertion with its passage and source."""
    passage = _node(store, assertion, "aip:inPassage")
    source = _node(store, passage, "aip:inSource") if passage else None
    publisher = _node(store, source, "dcterms:publisher") if source else None
    return Witness(
        assertion=assertion.value,
        source=source.value if source else "",
        origin=origin(store, source).value if source else "",
        title=_text(store, source, "dcterms:title") or "",
        publisher=publisher.value if publisher else None,
        issued=_text(store, source, "dcterms:issued"),
        locator=_text(store, passage, "aip:locator") or "",
        paraphrase=_text(store, passage, "aip:paraphrase") or "",
        url=_text(store, source, "schema:url"),
        confidence=_text(store, assertion, "aip:confidence") or "",
        hedge=_text(store, assertion, "aip:hedge") or "",
        kind=_text(store, source, "aip:sourceKind") or "",
        created=_text(store, assertion, "dcterms:created"),
        voice=_text(store, assertion, "aip:voice"),
    )


def origin(store: Store, source: NamedNode) -> NamedNode:
    """The source at the root of what a source rewrites; the source itself if it rewrites none."""
    return rewrite_chain(source, lambda later: _node(store, later, "aip:rewrites"))[-1]


def rulings(store: Store, subject: NamedNode, predicate: NamedNode) -> list[Ruling]:
    """The rulings on one property of a thing, and those that reject the thing as a whole."""
    on_subject = store.quads_for_pattern(None, NamedNode(expand("aip:onSubject")), subject, _RULINGS)
    rejecting = store.quads_for_pattern(None, NamedNode(expand("aip:rejectsNode")), subject, _RULINGS)
    on_property = {q.subject for q in on_subject if predicate in _values(store, q.subject, "aip:onProperty")}
    nodes = on_property | {q.subject for q in rejecting}
    return [_ruling(store, node) for node in sorted(nodes, key=str) if isinstance(node, NamedNode)]


def _ruling(store: Store, node: NamedNode) -> Ruling:
    return Ruling(
        node.value,
        _text(store, node, "aip:resolution", _RULINGS) or "",
        _text(store, node, "aip:reason", _RULINGS) or "",
        _text(store, node, "dcterms:created", _RULINGS),
        tuple(_values(store, node, "aip:upholds")),
        tuple(_values(store, node, "aip:rejects") + _values(store, node, "aip:rejectsNode")),
    )


def _values(store: Store, node: Term, predicate: str) -> list[Term]:
    quads = store.quads_for_pattern(node, NamedNode(expand(predicate)), None, _RULINGS)  # type: ignore[arg-type]
    return sorted((quad.object for quad in quads), key=str)


def _node(store: Store, subject: NamedNode, predicate: str) -> NamedNode | None:
    for quad in store.quads_for_pattern(subject, NamedNode(expand(predicate)), None, _SOURCES):
        if isinstance(quad.object, NamedNode):
            return quad.object
    return None


def _text(store: Store, subject: NamedNode | None, predicate: str, graph: NamedNode = _SOURCES) -> str | None:
    if subject is None:
        return None
    values = [quad.object for quad in store.quads_for_pattern(subject, NamedNode(expand(predicate)), None, graph)]
    english = [v for v in values if isinstance(v, Literal) and v.language == "en"]
    chosen = sorted(english or values, key=str)
    return getattr(chosen[0], "value", None) if chosen else None
