"""The evidence for a statement: its sources, what others say of the same, our ruling, or the proof."""

from dataclasses import dataclass, field

from flask import render_template, request, url_for
from pyoxigraph import NamedNode, Triple

from kg.errors import GraphError, UnknownThingError
from kg.evidence import Citation, Claim, Ruling, claim
from kg.evidence import evidence as claims_of
from kg.explain import Proof
from kg.message import Message
from kg.terms import AIP, GRAPH, Term
from web.answers.arguments import flag, single
from web.answers.statements import explain, find_property, find_thing, find_value
from web.snapshot import snapshot
from web.views.html.shared.caching import cached_page
from web.views.html.shared.evidence_badge import supports
from web.views.html.shared.lookup import ACCEPTED

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
    subject, predicate = find_thing("s", single("s")), single("p")
    if predicate:
        value = single("o")
        property_ = find_property("p", subject, predicate)
        statement = _find_statement(subject, property_, find_value("o", subject, property_, value) if value else None)
        return _render(subject, statement.rulings, statement=statement)
    passages = _passages(subject)
    claims = [claim for passage in passages for claim in passage.claims]
    rulings = {ruling.ruling: ruling for claim in claims for ruling in claim.rulings}
    return _render(subject, tuple(rulings.values()), passages=passages)


def _render(subject: NamedNode, rulings: tuple[Ruling, ...], **parts: object) -> str:
    template = "parts/evidence_body.html" if flag("fragment") else "pages/evidence.html"
    parameters = {key: request.args[key] for key in ("s", "p", "o") if key in request.args}
    permalink = url_for("pages.evidence", **parameters)  # type: ignore[arg-type]
    return render_template(template, subject=subject, rulings=rulings, keys=_KEYS, permalink=permalink, **parts)


def _find_statement(subject: NamedNode, predicate: NamedNode, value: Term | None) -> Statement:
    """A statement with its evidence.

    :raises UnknownThingError: if no graph has such a triple
    """
    store = snapshot().store
    quads = list(store.quads_for_pattern(subject, predicate, None, None))
    graphs = {quad.graph_name for quad in quads if value is None or quad.object == value}
    if not graphs:
        hint = Message("look at the page of the thing")
        raise UnknownThingError(Message("no graph has such a statement"), hint=hint)
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
    try:
        return explain(triple)
    except GraphError:
        return None


def _passages(subject: NamedNode) -> list[PassageClaims]:
    """The claims about a node by assertion, the strongest sources first."""
    passages: dict[str, PassageClaims] = {}
    for one in claims_of(snapshot().store, subject):
        for citation in one.citations:
            passages.setdefault(citation.assertion, PassageClaims(citation)).claims.append(one)
    return sorted(passages.values(), key=lambda passage: passage.citation.place)
