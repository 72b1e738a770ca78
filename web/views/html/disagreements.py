"""Where sources disagree: each claim with its sources, and what was ruled and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import render_template
from pyoxigraph import NamedNode, Quad

from kg.evidence import Citation, citation
from kg.labels import Term, labels
from kg.namespaces import local_name, shorten
from kg.terms import is_assertion
from web.answers.canned import Row
from web.snapshot import snapshot
from web.views.html import caching
from web.views.html.caching import once
from web.views.html.facts import TYPE
from web.views.html.forms import asked

_NAMING = (
    *("aip:stage", "aip:status", "aip:dimension", "aip:metric", "aip:post", "aip:matter"),
    *("aip:of", "aip:about", "aip:holder", "aip:provisionOf", "aip:formulationOf"),
)
"""Properties that name a node, what it is before whose it is."""
_SILENT = {*_NAMING, "rdf:type", "aip:ordinal", "aip:release"}
RESOLUTIONS = ("unresolved", "resolved", "compatible")


@dataclass(frozen=True)
class Side:
    """One of the values that sources give, with those who give it.

    :param stance: upheld, rejected, disputed or compatible
    :param said: property and value of what is said, where the ruling is on a statement as a whole
    """

    value: Term
    stance: str
    witnesses: tuple[Citation, ...]
    said: tuple[tuple[Term, Term], ...] = ()

    @property
    def origins(self) -> int:
        """How many sources of different origin give it."""
        return len({witness.origin for witness in self.witnesses})


@dataclass(frozen=True)
class Dispute:
    """A disagreement: what it is on, its sides, and the ruling.

    :param named: what it is on, where that is a node that fell out of the accepted view and has no label there
    """

    row: Row
    anchor: str
    named: tuple[Term, ...]
    sides: tuple[Side, ...]


@caching.page
def disagreements() -> str | tuple[str, int]:
    """All disagreements, or those of a country, a thing or an outcome."""
    found = asked("disagreements")
    rows = found.answer.rows if found.answer else ()
    disputes = disputes_of(rows)
    counted = Counter(local_name(dispute.row.text("resolution")).removeprefix("resolution-") for dispute in disputes)
    page = render_template(
        "pages/disagreements.html",
        found=found,
        fields=found.fields("country", "resolution", "thing"),
        disputes=disputes,
        counts=[(name, counted[name]) for name in RESOLUTIONS if counted[name]],
    )
    return (page, 400) if found.error else page


def disputes_of(rows: tuple[Row, ...]) -> list[Dispute]:
    """Rows of the canned query by ruling, open ones first."""
    grouped: dict[Term, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["ruling"], []).append(row)
    order = {name: number for number, name in enumerate(RESOLUTIONS)}
    found = [_dispute(ruling, group) for ruling, group in grouped.items()]
    rank = {dispute.anchor: local_name(dispute.row.text("resolution")).removeprefix("resolution-") for dispute in found}
    return sorted(found, key=lambda dispute: (order.get(rank[dispute.anchor], 9), dispute.anchor))


def _dispute(ruling: Term, rows: list[Row]) -> Dispute:
    sides = [_side(row) for row in rows]
    order = {"upheld": 0, "compatible": 1, "disputed": 2, "rejected": 3}
    anchor = local_name(str(getattr(ruling, "value", "")))
    on = named(rows[0]["subject"])
    sides = sorted(sides, key=lambda side: (order.get(side.stance, 9), -side.origins))
    return Dispute(rows[0], anchor, on, tuple(sides))


def _side(row: Row) -> Side:
    value, predicate = row["value"], row.get("property")
    whole = predicate is None
    claims = _claims(value if whole else row["subject"])
    about = [quad for quad in claims if whole or (quad.predicate, quad.object) == (predicate, value)]
    pairs = sorted({(quad.predicate, quad.object) for quad in about if _tells(quad)}, key=str) if whole else ()
    return Side(value, local_name(row.text("stance")).removeprefix("stance-"), _witnesses(about), tuple(pairs))


def _claims(subject: Term) -> list[Quad]:
    """What sources say of a thing, each in the graph of its assertion."""
    if not isinstance(subject, NamedNode):
        return []
    quads = snapshot().store.quads_for_pattern(subject, None, None, None)
    return [quad for quad in quads if is_assertion(quad.graph_name) and quad.predicate != TYPE]


def _tells(claim: Quad) -> bool:
    return shorten(claim.predicate.value) not in _SILENT


def named(subject: Term) -> tuple[Term, ...]:
    """What a node without a label in the accepted view is of: its stage, dimension or metric, and its owner."""
    if not isinstance(subject, NamedNode) or labels(snapshot().store, subject):
        return ()
    claims = {shorten(quad.predicate.value): quad.object for quad in _claims(subject)}
    return tuple(claims[predicate] for predicate in _NAMING if predicate in claims)


def _witnesses(claims: list[Quad]) -> tuple[Citation, ...]:
    """Each passage once, oldest source first."""
    assertions = {graph for quad in claims if isinstance(graph := quad.graph_name, NamedNode)}
    found = [_witness(assertion) for assertion in assertions]
    return tuple(sorted(found, key=lambda witness: (witness.issued or "9999", witness.assertion)))


def _witness(assertion: NamedNode) -> Citation:
    return once("witnesses", assertion, lambda: citation(snapshot().store, assertion))
