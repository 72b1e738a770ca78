"""Who says so: the assertions behind each claim of a thing, counted by origin.

An assertion is a named graph, so the evidence for a claim is every graph that holds it. A source that rewrites
another adds no support: citations are counted by the source at the root of ``aip:rewrites`` (`kg.origins`). Wherever
citations of one claim are listed, they stand in the order of `Citation.place`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Store

from kg.graph import nodes, objects, subjects, text
from kg.groups import grouped
from kg.origins import rewrite_chain
from kg.support import UNRANKED
from kg.terms import AIP, DCTERMS, GRAPH, RDF, SCHEMA, Term, is_assertion

DEPENDENCIES = (AIP.of, AIP.formulationOf, AIP.holder, AIP.post, AIP.about, AIP.speaker)
"""Properties that lead from a node with a key to the thing it is about."""


@dataclass(frozen=True)
class Citation:
    """One assertion of a claim, with the passage and source it stands in; ``rank`` is that of its kind of source."""

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
    rank: int = UNRANKED

    @property
    def place(self) -> tuple[int, bool, str, str]:
        """Where it stands among the citations of one claim: by the kind of its source, from the text of an act to the
        compilation; within a kind what rewrites another source last, the older before the newer, the undated last."""
        return self.rank, self.origin != self.source, self.issued or "9999", self.assertion


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
    """A claim with its citations; ``accepted`` is whether it stands in the view we stand behind."""

    subject: NamedNode
    predicate: NamedNode
    object: Term
    citations: tuple[Citation, ...]
    accepted: bool
    rulings: tuple[Ruling, ...] = ()

    @property
    def origins(self) -> int:
        """How many sources of different origin uphold the claim."""
        return len({citation.origin for citation in self.citations})


def evidence(store: Store, thing: NamedNode) -> list[Claim]:
    """Every claim about a thing, accepted or not, sorted by property and value."""
    return _claims(store, store.quads_for_pattern(thing, None, None, None))


def claim(store: Store, subject: NamedNode, predicate: NamedNode, value: Term) -> Claim | None:
    """One claim with its citations, or ``None`` where no source says so."""
    return next(iter(_claims(store, store.quads_for_pattern(subject, predicate, value, None))), None)


def dependent_nodes(store: Store, thing: NamedNode) -> list[NamedNode]:
    """The nodes with a key that are about a thing: its events, formulations, tenures, observations, statements."""
    dependent = {
        quad.subject
        for predicate in DEPENDENCIES
        for quad in store.quads_for_pattern(None, predicate, thing, None)
        if isinstance(quad.subject, NamedNode) and is_assertion(quad.graph_name)
    }
    return sorted(dependent, key=lambda node: node.value)


def _claims(store: Store, quads: Iterable[Quad]) -> list[Claim]:
    claimed = (quad for quad in quads if is_assertion(quad.graph_name) and quad.predicate != RDF.type)
    graphs = grouped(((quad.subject, quad.predicate, quad.object), quad.graph_name) for quad in claimed)
    claims = [_claim(store, *key, assertions) for key, assertions in graphs.items()]  # type: ignore[arg-type]
    return sorted(claims, key=lambda c: (c.subject.value, c.predicate.value, str(c.object)))


def _claim(store: Store, subject: NamedNode, predicate: NamedNode, value: Term, assertions: list[NamedNode]) -> Claim:
    accepted = Quad(subject, predicate, value, GRAPH.accepted) in store
    return Claim(
        subject, predicate, value, cite(store, assertions), accepted, tuple(rulings(store, subject, predicate))
    )


def cite(store: Store, assertions: Iterable[NamedNode]) -> tuple[Citation, ...]:
    """The assertions of one claim, the best witness first."""
    return tuple(sorted((citation(store, assertion) for assertion in assertions), key=lambda cited: cited.place))


def citation(store: Store, assertion: NamedNode) -> Citation:
    """An assertion with its passage and source."""
    passage = _node(store, assertion, AIP.inPassage)
    source = _node(store, passage, AIP.inSource)
    kind = _node(store, source, AIP.sourceKind)
    return Citation(
        assertion=assertion.value,
        source=source.value if source else "",
        origin=origin(store, source).value if source else "",
        title=_text(store, source, DCTERMS.title) or "",
        publisher=_text(store, source, DCTERMS.publisher),
        issued=_text(store, source, DCTERMS.issued),
        locator=_text(store, passage, AIP.locator) or "",
        paraphrase=_text(store, passage, AIP.paraphrase) or "",
        url=_text(store, source, SCHEMA.url),
        confidence=_text(store, assertion, AIP.confidence) or "",
        hedge=_text(store, assertion, AIP.hedge) or "",
        kind=kind.value if kind else "",
        created=_text(store, assertion, DCTERMS.created),
        voice=_text(store, assertion, AIP.voice),
        rank=int(text(store, kind, AIP.rank, GRAPH.concepts) or UNRANKED) if kind else UNRANKED,
    )


def origin(store: Store, source: NamedNode) -> NamedNode:
    """The source at the root of what a source rewrites; the source itself if it rewrites none."""
    return rewrite_chain(source, lambda later: _node(store, later, AIP.rewrites))[-1]


def rulings(store: Store, subject: NamedNode, predicate: NamedNode) -> list[Ruling]:
    """The rulings on one property of a thing, and those that reject the thing itself."""
    on_subject = subjects(store, AIP.onSubject, subject, GRAPH.rulings)
    on_property = {node for node in on_subject if Quad(node, AIP.onProperty, predicate, GRAPH.rulings) in store}
    rejecting = subjects(store, AIP.rejectsNode, subject, GRAPH.rulings)
    return [_ruling(store, node) for node in sorted({*on_property, *rejecting}, key=str)]


def _ruling(store: Store, node: NamedNode) -> Ruling:
    rejected = [value for p in (AIP.rejects, AIP.rejectsNode) for value in objects(store, node, p, GRAPH.rulings)]
    return Ruling(
        node.value,
        text(store, node, AIP.resolution, GRAPH.rulings) or "",
        text(store, node, AIP.reason, GRAPH.rulings) or "",
        text(store, node, DCTERMS.created, GRAPH.rulings),
        tuple(objects(store, node, AIP.upholds, GRAPH.rulings)),
        tuple(rejected),
    )


def _node(store: Store, subject: NamedNode | None, predicate: NamedNode) -> NamedNode | None:
    return next(iter(nodes(store, subject, predicate, GRAPH.sources)), None) if subject else None


def _text(store: Store, subject: NamedNode | None, predicate: NamedNode) -> str | None:
    return text(store, subject, predicate, GRAPH.sources) if subject else None
