"""The keyed nodes that hang on a thing, as rows for its page: wordings, observations, tenures, statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.labels import Term
from web.answers.canned import Row, ask
from web.snapshot import snapshot
from web.views.html.evidence_badge import Mark
from web.views.html.facts import ACCEPTED, mark_of
from web.views.html.terms import name, node


@dataclass(frozen=True)
class Node:
    """A node with the first value of each of its properties; templates read ``row["aip:date"]``."""

    iri: NamedNode
    values: Mapping[str, list[Term]]
    mark: Mark | None

    def __getitem__(self, prefixed: str) -> Term | None:
        found = self.values.get(node(prefixed).value)
        return found[0] if found else None

    def all(self, prefixed: str) -> list[Term]:
        """All values of a property."""
        return self.values.get(node(prefixed).value, [])

    def text(self, prefixed: str) -> str:
        """The text of the first value."""
        return str(getattr(self[prefixed], "value", ""))


def read(iri: NamedNode) -> Node:
    """A node as the graph stands behind it."""
    values: dict[str, list[Term]] = {}
    for quad in snapshot().store.quads_for_pattern(iri, None, None, ACCEPTED):
        values.setdefault(quad.predicate.value, []).append(quad.object)
    for terms in values.values():
        terms.sort(key=lambda term: (getattr(term, "language", None) not in (None, "en"), str(term)))
    return Node(iri, values, mark_of(iri, None))


def hanging(thing: NamedNode, predicate: str, order: Callable[[Node], object] | None = None) -> list[Node]:
    """The nodes that name a thing by a property, in order."""
    quads = snapshot().store.quads_for_pattern(None, node(predicate), thing, ACCEPTED)
    found = [read(quad.subject) for quad in quads if isinstance(quad.subject, NamedNode)]
    return sorted(found, key=order or by_name)  # type: ignore[arg-type]  # keys of one call compare


def by_name(row: Node) -> tuple[str, str]:
    """The order of names."""
    return name(row.iri).text.casefold(), row.iri.value


def by_date(row: Node) -> tuple[str, str]:
    """The order of time."""
    return row.text("aip:earliest") or row.text("aip:fromEarliest") or "9999", row.iri.value


def tenures(thing: NamedNode) -> list[Node]:
    """Who held a post, or the posts a person held, or those of all posts in a body; the latest first."""
    rows = {row.iri: row for predicate in ("aip:holder", "aip:post") for row in hanging(thing, predicate)}
    for post in hanging(thing, "aip:postIn"):
        rows.update({row.iri: row for row in hanging(post.iri, "aip:post")})
    return sorted(rows.values(), key=_seen, reverse=True)


def _seen(row: Node) -> tuple[str, str]:
    last = max((row.text(p) for p in ("aip:toLatest", "aip:lastSeenLatest", "aip:fromLatest")), default="")
    return last, row.iri.value


def observations(thing: NamedNode) -> list[Node]:
    """What was measured of a thing, by a metric, or in an edition of an index; the latest first."""
    rows = {
        row.iri: row
        for predicate in ("aip:about", "aip:metric", "aip:inEdition")
        for row in hanging(thing, predicate)
        if row["aip:value"] is not None
    }
    return sorted(rows.values(), key=lambda row: (row.text("aip:edition"), row.iri.value), reverse=True)


def states(day: str) -> dict[str, Row]:
    """Every wording of an aim with its state on a day, drafts and plans of companies as well."""
    levels = (None, "level-draft", "level-company-plan")
    return {row.text("formulation"): row for level in levels for row in ask("targets", asOf=day, level=level)}


def share(row: Row) -> float | None:
    """How much of the way from the baseline (or from nothing) to the value is done, from 0 to 1."""
    reached, aim, base = row.number("reached"), row.number("value"), row.number("baseline")
    if reached is None or aim is None or row.text("unit").endswith("unit-rank"):
        return None
    start = base if base is not None else 0.0
    if row.text("comparator").endswith("comparator-times-baseline"):
        aim = start * aim
    if aim == start or (base is None and aim < 0):
        return None
    return min(1.0, max(0.0, (reached - start) / (aim - start)))


def english(terms: Iterable[Term]) -> list[Term]:
    """Texts once each: where a text stands in several languages, the first of them."""
    found = [term for term in terms if not isinstance(term, Literal) or term.language in (None, "en")]
    return found or list(terms)
