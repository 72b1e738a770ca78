"""Where sources disagree: each value with its sources, what was ruled and why; the page of a ruling."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template
from pyoxigraph import NamedNode, Quad

from kg.evidence import Citation, cite
from kg.groups import grouped
from kg.namespaces import local_name
from kg.terms import AIP, Term
from web.answers.canned import Row, ask
from web.snapshot import snapshot
from web.views.html.shared.caching import cached_page
from web.views.html.shared.forms import submitted
from web.views.html.shared.lookup import named_nodes
from web.views.html.shared.terms import NAMING, claims_about, describing_terms, title_of_ruling

RESOLUTIONS = ("unresolved", "resolved", "compatible")
STANCES = {"upheld": 0, "compatible": 1, "disputed": 2, "rejected": 3}
_OMITTED = frozenset({*NAMING, AIP.ordinal, AIP.release})


@dataclass(frozen=True)
class Side:
    """One of the values that sources give, with those who give it.

    :param stance: one of ``STANCES``
    :param statements: property and value of each claim, where the ruling is on a node
    """

    value: Term
    stance: str
    citations: tuple[Citation, ...]
    statements: tuple[tuple[NamedNode, Term], ...] = ()

    @property
    def origins(self) -> int:
        """How many sources of different origin give it."""
        return len({citation.origin for citation in self.citations})


@dataclass(frozen=True)
class Dispute:
    """A disagreement: what it is on, its sides, and the ruling.

    :param parts: what it is on, where that is a node without a label
    """

    row: Row
    anchor: str
    resolution: str
    parts: tuple[Term, ...]
    sides: tuple[Side, ...]


@cached_page
def disagreements() -> str | tuple[str, int]:
    """All disagreements, or those of a country, a thing or an outcome."""
    query = submitted("disagreements")
    disputes = _disputes(query.rows)
    counts = Counter(dispute.resolution for dispute in disputes)
    return query.page(
        "pages/disagreements.html",
        fields=query.fields("country", "resolution", "thing"),
        disputes=disputes,
        counts=[(resolution, counts[resolution]) for resolution in RESOLUTIONS if counts[resolution]],
    )


def ruling(thing: NamedNode) -> str:
    """A ruling with both sides."""
    disputes = _disputes(row for row in ask("disagreements") if row["ruling"] == thing)
    return render_template("pages/ruling.html", thing=thing, title=title_of_ruling(thing), disputes=disputes)


def _disputes(rows: Iterable[Row]) -> list[Dispute]:
    """Rows of the canned query by ruling, open ones first."""
    by_ruling = grouped((row["ruling"], row) for row in rows)
    order = {resolution: place for place, resolution in enumerate(RESOLUTIONS)}
    return sorted(map(_dispute, by_ruling.values()), key=lambda one: (order.get(one.resolution, 9), one.anchor))


def _dispute(rows: list[Row]) -> Dispute:
    row = rows[0]
    sides = sorted(map(_side, rows), key=lambda side: (STANCES.get(side.stance, 9), -side.origins))
    resolution = local_name(row.text("resolution")).removeprefix("resolution-")
    return Dispute(row, local_name(row.text("ruling")), resolution, describing_terms(row["subject"]), tuple(sides))


def _side(row: Row) -> Side:
    """A value with its sources; without a property, the ruling is on the node that the value is."""
    value, predicate = row["value"], row.get("property")
    stance = local_name(row.text("stance")).removeprefix("stance-")
    if predicate is not None:
        claims = [c for c in claims_about(row["subject"]) if (c.predicate, c.object) == (predicate, value)]
        return Side(value, stance, _citations(claims))
    claims = claims_about(value)
    pairs = {(claim.predicate, claim.object) for claim in claims if claim.predicate not in _OMITTED}
    return Side(value, stance, _citations(claims), tuple(sorted(pairs, key=str)))


def _citations(claims: list[Quad]) -> tuple[Citation, ...]:
    """Each passage once, the best witness first."""
    return cite(snapshot().store, set(named_nodes(claim.graph_name for claim in claims)))
