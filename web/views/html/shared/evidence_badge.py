"""What supports a statement: the badge beside it, one sign that links to the evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import g, has_request_context, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, Quad

from kg.evidence import Citation, Claim, citation
from kg.explain import Proof
from kg.namespaces import shorten
from kg.sentences import Sentence
from kg.terms import GRAPH, RDF, Term, is_assertion
from kg.values import agrees
from web.answers.statements import sentences_of_claims
from web.snapshot import per_snapshot, snapshot
from web.views.html.shared.lookup import ACCEPTED, node

GraphsByTriple = dict[tuple[Term, Term, Term], list[NamedNode]]
"""The named graphs that hold each triple of a thing."""
_SIGNS = {"inferred": "∴", "registry": "≡", "editorial": "✎"}
_KIND_OF_GRAPH = {GRAPH.registry: "registry", GRAPH.editorial: "editorial", GRAPH.inferred: "inferred"}
_LINK = Markup('<a class="{css}" href="{address}" rel="nofollow" aria-label="{title}" title="{title}">{sign}</a>')


@dataclass(frozen=True)
class EvidenceBadge:
    """What supports a statement.

    :param kind: asserted, inferred, registry, editorial or other
    :param count: how many sources of different origin assert it
    :param disputed: whether a claim about the same was not accepted
    :param compiled: whether only compilations assert it, no first-hand text
    """

    kind: str
    count: int
    disputed: bool
    address: str
    compiled: bool = False

    @property
    def css_class(self) -> str:
        """The classes of the element."""
        kind = "" if self.kind == "asserted" else f" {self.kind}"
        return f"ev{kind}{' compiled' if self.compiled else ''}{' disputed' if self.disputed else ''}"

    @property
    def sign(self) -> str:
        """The sign inside the badge."""
        return _SIGNS.get(self.kind, str(self.count) if self.kind == "asserted" else "·")

    @property
    def title(self) -> str:
        """What the sign means."""
        titles = {
            "asserted": ngettext("Evidence: %(num)s source", "Evidence: %(num)s sources", self.count),
            "inferred": _("Inferred: show the proof"),
            "registry": _("From the registry of names"),
            "editorial": _("Our own classification"),
        }
        title = titles.get(self.kind) or _("Where this is stated")
        if self.compiled:
            title = f"{title}; {_('only compilations, no first-hand text')}"
        return f"{title}; {_('sources disagree')}" if self.disputed else title

    def __html__(self) -> str:
        """The badge as templates write it; the page then explains its sign."""
        note_mark(self.kind)
        if self.compiled:
            note_mark("compiled")
        if self.disputed:
            note_mark("disputed")
        return _LINK.format(css=self.css_class, address=self.address, title=self.title, sign=self.sign)


MARKS = ("asserted", "compiled", "registry", "editorial", "inferred", "disputed")
"""The kinds of badges that a page explains, in the order of its legend."""


def note_mark(kind: str) -> None:
    """Remember that the page has a badge of a kind."""
    if has_request_context():
        g.setdefault("marks", set()).add(kind)


def marks_on_page() -> list[tuple[str, str, str]]:
    """The badges on the page so far: classes, sign and meaning of each kind."""
    meanings = {
        "asserted": ("ev", "3", _("so many sources of different origin say so; the number opens the passages")),
        "compiled": ("ev compiled", "1", _("dotted: only trackers or encyclopaedias say so, no first-hand text")),
        "registry": ("ev registry", "≡", _("a name, kind or identifier from our registry")),
        "editorial": ("ev editorial", "✎", _("our own classification")),
        "inferred": ("ev inferred", "∴", _("inferred; the badge opens the proof")),
        "disputed": ("ev disputed", "2", _("in red: sources disagree, and a ruling says which claim is followed")),
    }
    noted = g.get("marks", set())
    return [meanings[kind] for kind in MARKS if kind in noted]


def evidence_badge(
    subject: Term | None, predicate: Term | str | None = None, value: Term | None = None
) -> EvidenceBadge | None:
    """The badge of a statement; of a property without a value; or of a node with neither."""
    if not isinstance(subject, NamedNode):
        return None
    return _read_badge(subject, node(predicate) if isinstance(predicate, str) else predicate, value)


@per_snapshot(30_000)
def _read_badge(subject: NamedNode, predicate: Term | None, value: Term | None) -> EvidenceBadge | None:
    quads = snapshot().store.quads_for_pattern(subject, predicate, None, None)  # type: ignore[arg-type]
    graphs = graphs_by_triple(quad for quad in quads if predicate is not None or quad.predicate != RDF.type)
    return badge_from(graphs, subject, predicate, value)


def graphs_by_triple(quads: Iterable[Quad]) -> GraphsByTriple:
    """The named graphs that hold each triple."""
    graphs: GraphsByTriple = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault((quad.subject, quad.predicate, quad.object), []).append(quad.graph_name)
    return graphs


def badge_from(
    graphs: GraphsByTriple, subject: NamedNode, predicate: Term | None = None, value: Term | None = None
) -> EvidenceBadge | None:
    """The badge, from the graphs that hold each triple of the subject; ``None`` if none holds such a triple."""
    triples = [key for key in graphs if predicate is None or key[1] == predicate]
    names = {name for key in triples if value is None or supports(value, key[2]) for name in graphs[key]}
    if not names:
        return None
    cited = [citation_of(name) for name in names if is_assertion(name)]
    kind = next((kind for graph, kind in _KIND_OF_GRAPH.items() if graph in names), "other")
    return EvidenceBadge(
        "asserted" if cited else kind,
        len({citation.origin for citation in cited}),
        any(_is_rival(graphs, key) for key in triples),
        evidence_address(subject, predicate, value),
        bool(cited) and all(citation.kind.endswith("source-compilation") for citation in cited),
    )


def _is_rival(graphs: GraphsByTriple, key: tuple[Term, Term, Term]) -> bool:
    """Whether a claim is neither accepted nor a less exact form of what is."""
    if ACCEPTED in graphs[key] or not any(map(is_assertion, graphs[key])):
        return False
    accepted = (other for other in graphs if other[1] == key[1] and ACCEPTED in graphs[other])
    return not any(supports(other[2], key[2]) for other in accepted)


def supports(value: Term, claimed: Term) -> bool:
    """Whether a claimed value is the value, a coarser date that it refines, or another spelling of a number."""
    if value == claimed:
        return True
    return isinstance(value, Literal) and isinstance(claimed, Literal) and not value.language and agrees(value, claimed)


@per_snapshot(30_000)
def citation_of(assertion: NamedNode) -> Citation:
    """An assertion with its passage and source."""
    return citation(snapshot().store, assertion)


def evidence_address(subject: NamedNode, predicate: Term | None, value: Term | None) -> str:
    """Where the evidence for a statement is shown."""
    parameters = {"s": shorten(subject.value)}
    if isinstance(predicate, NamedNode):
        parameters["p"] = shorten(predicate.value)
    if value is not None:
        parameters["o"] = shorten(value.value) if isinstance(value, NamedNode) else str(value)
    return url_for("pages.evidence", **parameters)  # type: ignore[arg-type]


def is_unaccepted(claim: Claim) -> bool:
    """Whether a claim is neither accepted nor a less exact form of an accepted one."""
    if claim.accepted:
        return False
    quads = snapshot().store.quads_for_pattern(claim.subject, claim.predicate, None, ACCEPTED)
    return not any(supports(quad.object, claim.object) for quad in quads)


def proof_basis(proof: Proof) -> str:
    """What the end of a proof rests on."""
    bases = {
        "claim": _("stated by sources"),
        "registry": _("our registry of names"),
        "editorial": _("our classification"),
        "ontology": _("the ontology"),
        "concepts": _("a concept scheme"),
    }
    return str(bases.get(proof.rule, proof.summary))


def marked_sentences(thing: NamedNode, claims: Sequence[Claim], source: str = "") -> list[tuple[Sentence, bool]]:
    """Some claims about a thing as sentences, each with whether something in it is not accepted.

    :param source: the IRI of the source that makes the claims
    """
    rejected = {claim.predicate for claim in claims if is_unaccepted(claim)}
    return [(one, not rejected.isdisjoint(one.properties)) for one in sentences_of_claims(thing, claims, source)]
