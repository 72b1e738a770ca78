"""Who says so: the sources of a statement, what others say of the same, our ruling, or why it follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.errors import GraphError, ParameterError, UnknownThingError
from kg.evidence import Citation, Claim, Ruling, claim
from kg.evidence import evidence as claims_of
from kg.explain import Explainer, Proof
from kg.labels import Term
from kg.namespaces import GRAPH_EDITORIAL, GRAPH_INFERRED, GRAPH_REGISTRY
from web.snapshot import snapshot
from web.views.html import blueprint, caching
from web.views.html.facts import ACCEPTED, supports
from web.views.html.terms import node


@dataclass(frozen=True)
class Statement:
    """A statement with all that stands behind it.

    :param upheld: the claims that say so, the exact ones first
    :param rivals: other claims of the same that the graph does not stand behind
    :param proof: why it follows, if it was inferred
    :param stands: whether the graph stands behind it
    :param place: ``registry`` or ``editorial`` where it stands there
    """

    subject: NamedNode
    predicate: NamedNode
    value: Term | None
    upheld: list[Claim]
    rivals: list[Claim]
    rulings: tuple[Ruling, ...]
    stands: bool
    proof: Proof | None = None
    places: tuple[str, ...] = ()

    @property
    def origins(self) -> int:
        """How many sources of different origin say so."""
        return len({witness.origin for said in self.upheld for witness in said.citations})


@dataclass
class Passage:
    """What one assertion says of a node."""

    witness: Citation
    said: list[Claim] = field(default_factory=list)


@caching.page
def evidence() -> str:
    """The evidence of a statement (``s``, ``p``, ``o``), of a property (``s``, ``p``) or of a node (``s``).

    :raises ParameterError: if one of them is no term
    """
    subject, predicate = _iri("s", request.args.get("s", "")), request.args.get("p", "")
    template = "parts/evidence_body.html" if request.args.get("fragment") else "pages/evidence.html"
    full = url_for("pages.evidence", **{key: request.args[key] for key in ("s", "p", "o") if key in request.args})  # type: ignore[arg-type]
    if not predicate:
        passages = _passages(subject)
        if not passages and not _known(subject):
            raise UnknownThingError(f"nothing in the graph is called {subject.value[:200]}")
        rulings = {one.ruling: one for passage in passages for said in passage.said for one in said.rulings}
        return render_template(
            template, subject=subject, passages=passages, statement=None, full=full, rulings=list(rulings.values())
        )
    given = request.args.get("o", "")
    statement = find(subject, _iri("p", predicate), _term("o", given) if given else None)
    return render_template(
        template, subject=subject, statement=statement, passages=(), full=full, rulings=statement.rulings
    )


def _known(subject: NamedNode) -> bool:
    return any(True for _ in snapshot().store.quads_for_pattern(subject, None, None, None))


def _iri(parameter: str, text: str) -> NamedNode:
    try:
        return node(text.strip("<>"))
    except (ValueError, KeyError, GraphError):
        raise ParameterError(parameter, text[:200], "not the name of a thing", ["id:kz-law-on-ai"]) from None


def _term(parameter: str, text: str) -> Term:
    if not text.startswith('"'):
        return _iri(parameter, text)
    try:
        term: Term = next(iter(parse(f"<urn:s> <urn:p> {text} .", format=RdfFormat.N_TRIPLES))).object
        return term
    except (SyntaxError, ValueError, StopIteration):
        raise ParameterError(parameter, text[:200], "not a value as N-Triples writes it") from None


def find(subject: NamedNode, predicate: NamedNode, value: Term | None) -> Statement:
    """A statement and what stands behind it.

    :raises UnknownThingError: if the graph says nothing of the kind
    """
    store = snapshot().store
    quads = list(store.quads_for_pattern(subject, predicate, None, None))
    values = sorted({quad.object for quad in quads}, key=str)
    graphs = {str(getattr(q.graph_name, "value", "")) for q in quads if value is None or q.object == value}
    if not graphs:
        raise UnknownThingError("the graph does not say that", hint="look at the page of the thing")
    claims = [found for said in values if (found := claim(store, subject, predicate, said))]
    upheld = [said for said in claims if value is None or supports(value, said.object)]
    rivals = [said for said in claims if said not in upheld and not said.accepted]
    if value is None:
        upheld, rivals = [c for c in upheld if c.accepted], [c for c in upheld if not c.accepted]
    inferred = value is not None and not upheld and GRAPH_INFERRED in graphs
    return Statement(
        subject,
        predicate,
        value,
        sorted(upheld, key=lambda said: (said.object != value, str(said.object))),
        rivals,
        next((said.rulings for said in claims if said.rulings), ()),
        ACCEPTED.value in graphs,
        explain(Triple(subject, predicate, value)) if inferred and value is not None else None,
        tuple(place for place in (GRAPH_REGISTRY, GRAPH_EDITORIAL) if place in graphs),
    )


def explain(triple: Triple) -> Proof | None:
    """Why a triple follows; ``None`` if no proof is found in time."""
    current = snapshot()
    if "explainer" not in current.cache:
        current.cache["explainer"] = Explainer(current.store)
    try:
        found: Proof = current.cache["explainer"].explain(triple, 2.0)
    except GraphError:
        return None
    return found


def _passages(subject: NamedNode) -> list[Passage]:
    """What each assertion says of a node, the best sources first."""
    passages: dict[str, Passage] = {}
    for said in claims_of(snapshot().store, subject):
        for witness in said.citations:
            passages.setdefault(witness.assertion, Passage(witness)).said.append(said)
    return sorted(passages.values(), key=lambda passage: weight(passage.witness))


_KINDS = ("official-law", "official", "international", "index", "academic", "company", "news")
_TRUST = ("high", "medium", "low")


def weight(witness: Citation) -> tuple[int, bool, int, str, str]:
    """The order of witnesses: official before others, what rewrites another last, then by confidence, date and name."""
    kind = witness.kind.rpartition("concept/source-")[2]
    rank = next((i for i, beginning in enumerate(_KINDS) if kind.startswith(beginning)), len(_KINDS))
    trust = next((i for i, word in enumerate(_TRUST) if (witness.confidence or "").endswith(word)), len(_TRUST))
    return rank, witness.origin != witness.source, trust, witness.issued or "9999", witness.assertion


def ordered(witnesses: Iterable[Citation]) -> list[Citation]:
    """Citationes, the best first."""
    return sorted(witnesses, key=weight)


def stands_not(said: Claim) -> bool:
    """Whether the graph does not stand behind a claim, nor behind one that says the same more exactly."""
    if said.accepted:
        return False
    kept = snapshot().store.quads_for_pattern(said.subject, said.predicate, None, ACCEPTED)
    return not any(supports(quad.object, said.object) for quad in kept)


def leaf_name(proof: Proof) -> str:
    """What the end of a proof rests on, in words."""
    words = {
        "claim": _("sources say so"),
        "registry": _("our register of names"),
        "editorial": _("our classification"),
        "ontology": _("the ontology"),
        "concepts": _("a concept scheme"),
    }
    return str(words.get(proof.rule, proof.summary))


KEYS = (
    *("aip:ordinal", "aip:release", "aip:of", "aip:stage", "aip:post", "aip:holder", "aip:formulationOf", "aip:setBy"),
    *("aip:metric", "aip:edition", "aip:country"),
)
"""Properties that make up the name of a node: its heading says them already."""


@blueprint.record_once
def _register(state: BlueprintSetupState) -> None:
    """What the templates of evidence call."""
    state.app.jinja_env.globals.update(ordered=ordered, stands_not=stands_not, leaf_name=leaf_name, keys=KEYS)
