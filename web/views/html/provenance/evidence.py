"""The evidence for a statement: its sources, what others say of the same, our ruling, or the proof."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import render_template, request, url_for
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.errors import GraphError, ParameterError, UnknownThingError
from kg.evidence import Citation, Claim, Ruling, claim
from kg.evidence import evidence as claims_of
from kg.explain import Explainer, Proof
from kg.identifiers import find_iri, iris_of
from kg.namespaces import shorten
from kg.terms import AIP, GRAPH, Term
from web.memo import Kind
from web.snapshot import snapshot
from web.views.html.shared.caching import cached_page
from web.views.html.shared.evidence_badge import citation_order, supports
from web.views.html.shared.lookup import ACCEPTED

PROOF_TIMEOUT = 2.0
_EXPLAINER: Kind[Explainer] = Kind("explainer")
_KEYS = {
    *(AIP.ordinal, AIP.release, AIP.of, AIP.stage, AIP.post, AIP.holder, AIP.formulationOf, AIP.setBy),
    *(AIP.metric, AIP.edition, AIP.country),
}
"""Properties that make up the name of a node, which its heading shows."""


@dataclass(frozen=True)
class Statement:
    """A statement with its evidence.

    :param upheld: the claims that assert it, the exact ones first
    :param rivals: other claims about the same that are not accepted
    :param accepted: whether the accepted view has it
    :param graphs: the registry or the editorial graph, where it stands there
    :param proof: why it follows, if it was inferred
    """

    subject: NamedNode
    predicate: NamedNode
    value: Term | None
    upheld: list[Claim]
    rivals: list[Claim]
    rulings: tuple[Ruling, ...]
    accepted: bool
    graphs: tuple[NamedNode, ...] = ()
    proof: Proof | None = None

    @property
    def origins(self) -> int:
        """How many sources of different origin assert it."""
        return len({citation.origin for claim in self.upheld for citation in claim.citations})


@dataclass
class PassageClaims:
    """The claims of one assertion about a node."""

    citation: Citation
    claims: list[Claim] = field(default_factory=list)


@cached_page
def evidence() -> str:
    """The evidence of a statement (``s``, ``p``, ``o``), of a property (``s``, ``p``) or of a node (``s``).

    :raises UnknownThingError: if the graph does not know one of them
    :raises ParameterError: if a literal is none
    """
    subject, predicate = _find("s", request.args.get("s", "")), request.args.get("p", "")
    if predicate:
        value = request.args.get("o", "")
        statement = _find_statement(subject, _property(subject, predicate), _term("o", value) if value else None)
        return _render(subject, statement.rulings, statement=statement)
    passages = _passages(subject)
    claims = [claim for passage in passages for claim in passage.claims]
    rulings = {ruling.ruling: ruling for claim in claims for ruling in claim.rulings}
    return _render(subject, tuple(rulings.values()), passages=passages)


def _render(subject: NamedNode, rulings: tuple[Ruling, ...], **parts: object) -> str:
    template = "parts/evidence_body.html" if request.args.get("fragment") else "pages/evidence.html"
    parameters = {key: request.args[key] for key in ("s", "p", "o") if key in request.args}
    permalink = url_for("pages.evidence", **parameters)  # type: ignore[arg-type]
    return render_template(template, subject=subject, rulings=rulings, keys=_KEYS, permalink=permalink, **parts)


def _find(parameter: str, text: str) -> NamedNode:
    """What an address names, however it is written.

    :raises ParameterError: if it is no name
    :raises UnknownThingError: if the graph does not know it
    """
    if not iris_of(text):
        raise ParameterError(parameter, text[:200], "not the name of a thing", ["a name such as id:kz", "an IRI"])
    thing = find_iri(snapshot().store, text)
    if thing is None:
        raise UnknownThingError(f"nothing in the graph is called {text[:200]!r}", hint="look for it: /search?q=")
    return thing


def _property(subject: NamedNode, text: str) -> NamedNode:
    """The property that an address names.

    :raises ParameterError: if there is no such property
    """
    store = snapshot().store
    predicate = find_iri(store, text, ("aip",))
    if predicate is None:
        used = {quad.predicate.value for quad in store.quads_for_pattern(subject, None, None, None)}
        raise ParameterError("p", text[:200], "not a property", sorted(map(shorten, used)))
    return predicate


def _term(parameter: str, text: str) -> Term:
    if not text.startswith('"'):
        return _find(parameter, text)
    try:
        term: Term = next(iter(parse(f"<urn:s> <urn:p> {text} .", format=RdfFormat.N_TRIPLES))).object
    except (SyntaxError, ValueError, StopIteration):
        raise ParameterError(parameter, text[:200], "not a literal in N-Triples", ['"text"@en', "a name"]) from None
    return term


def _find_statement(subject: NamedNode, predicate: NamedNode, value: Term | None) -> Statement:
    """A statement with its evidence.

    :raises UnknownThingError: if no graph has such a triple
    """
    store = snapshot().store
    quads = list(store.quads_for_pattern(subject, predicate, None, None))
    graphs = {quad.graph_name for quad in quads if value is None or quad.object == value}
    if not graphs:
        raise UnknownThingError("no graph has such a statement", hint="look at the page of the thing")
    objects = sorted({quad.object for quad in quads}, key=str)
    claims = [one for object_ in objects if (one := claim(store, subject, predicate, object_))]
    upheld = [one for one in claims if (one.accepted if value is None else supports(value, one.object))]
    inferred = value is not None and not upheld and GRAPH.inferred in graphs
    return Statement(
        subject,
        predicate,
        value,
        sorted(upheld, key=lambda one: (one.object != value, str(one.object))),
        [one for one in claims if one not in upheld and not one.accepted],
        next((one.rulings for one in claims if one.rulings), ()),
        ACCEPTED in graphs,
        tuple(graph for graph in (GRAPH.registry, GRAPH.editorial) if graph in graphs),
        _explain(Triple(subject, predicate, value)) if inferred and value is not None else None,
    )


def _explain(triple: Triple) -> Proof | None:
    """Why a triple follows; ``None`` if no proof is found in time."""
    current = snapshot()
    try:
        explainer = current.memo.get(_EXPLAINER, None, lambda: Explainer(current.store))
        return explainer.explain(triple, PROOF_TIMEOUT)
    except GraphError:
        return None


def _passages(subject: NamedNode) -> list[PassageClaims]:
    """The claims about a node by assertion, the strongest sources first."""
    passages: dict[str, PassageClaims] = {}
    for one in claims_of(snapshot().store, subject):
        for citation in one.citations:
            passages.setdefault(citation.assertion, PassageClaims(citation)).claims.append(one)
    return sorted(passages.values(), key=lambda passage: citation_order(passage.citation))
