"""What refers to a thing: its dependent nodes as rows (formulations, observations, tenures) and links back to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from pyoxigraph import NamedNode

from kg.evidence import DEPENDENCIES
from kg.namespaces import shorten
from kg.terms import AIP, Term
from web.snapshot import snapshot
from web.ui_labels import labels_of
from web.views.html.shared.evidence_badge import EvidenceBadge, badge_from, evidence_badge, graphs_by_triple
from web.views.html.shared.lookup import ACCEPTED, first, node, subjects
from web.views.html.shared.terms import name, sort_key

MAX_LINKS = 60
"""How many links of one kind a page shows."""
_APART = frozenset(DEPENDENCIES) | {
    *(AIP.setBy, AIP.postIn, AIP.metric, AIP.inEdition, AIP.provisionOf, AIP.country, AIP.topic, AIP.sector),
    *(AIP.unit, AIP.comparator, AIP.satisfies, AIP.progressOf, AIP.evidence),
    *(AIP.currentHolder, AIP.incumbent, AIP.tenure, AIP.endedBy, AIP.decidedBy, AIP.formulation),
}
"""Links that have sections of their own on the page."""


@dataclass(frozen=True)
class NodeRow:
    """A node with the values of its properties; templates read ``row["aip:date"]`` for the first value."""

    iri: NamedNode
    values: Mapping[NamedNode, list[Term]]
    badge: EvidenceBadge | None

    def __getitem__(self, prefixed: str) -> Term | None:
        return next(iter(self.all(prefixed)), None)

    def all(self, prefixed: str) -> list[Term]:
        """All values of a property, English text first."""
        return self.values.get(node(prefixed), [])

    def text(self, prefixed: str) -> str:
        """The text of the first value."""
        return str(getattr(self[prefixed], "value", ""))


def read_node(iri: NamedNode) -> NodeRow:
    """A node as the accepted view has it."""
    values: dict[NamedNode, list[Term]] = {}
    for quad in snapshot().store.quads_for_pattern(iri, None, None, ACCEPTED):
        values.setdefault(quad.predicate, []).append(quad.object)
    for terms in values.values():
        terms.sort(key=lambda term: (getattr(term, "language", None) not in (None, "en"), str(term)))
    return NodeRow(iri, values, evidence_badge(iri))


def by_name(row: NodeRow) -> tuple[str, str]:
    """The order of names."""
    return sort_key(row.iri)


def by_date(row: NodeRow) -> tuple[str, str]:
    """The order of time."""
    return row.text("aip:earliest") or row.text("aip:fromEarliest") or "9999", row.iri.value


def by_article(row: NodeRow) -> tuple[int, str, str]:
    """Provisions by the number of their article, those without one last."""
    digits = "".join(letter for letter in row.text("aip:article").partition("-")[0] if letter.isdigit())
    return int(digits or 9999), row.text("aip:article"), row.iri.value


def node_rows(
    thing: NamedNode, predicate: NamedNode, order: Callable[[NodeRow], tuple[int | str, ...]] = by_name
) -> list[NodeRow]:
    """The nodes that name a thing by a property, in order."""
    return sorted(map(read_node, subjects(predicate, thing)), key=order)


def tenures(thing: NamedNode) -> list[NodeRow]:
    """Who held a post, or the posts a person held, or those of all posts in a body; the latest first."""
    rows = [*node_rows(thing, AIP.holder), *node_rows(thing, AIP.post)]
    for post in subjects(AIP.postIn, thing):
        rows += node_rows(post, AIP.post)
    in_office = {row.iri: row for row in rows if row["aip:holder"]}  # a period in office has a post too, but no holder
    return sorted(in_office.values(), key=_last_seen, reverse=True)


def _last_seen(row: NodeRow) -> tuple[str, str]:
    return max(row.text(p) for p in ("aip:toLatest", "aip:lastSeenLatest", "aip:fromLatest")), row.iri.value


def observations(thing: NamedNode) -> list[NamedNode]:
    """What was measured of a thing, by a metric, or in an edition of an index; the latest first."""
    nodes = {node for p in (AIP.about, AIP.metric, AIP.inEdition) for node in subjects(p, thing)}
    measured = [node for node in nodes if first(node, AIP.value) is not None]
    return sorted(measured, key=lambda node: (str(getattr(first(node, AIP.edition), "value", "")), node.value))[::-1]


@dataclass(frozen=True)
class Link:
    """A thing that names this one."""

    subject: NamedNode
    badge: EvidenceBadge | None


@dataclass(frozen=True)
class LinkGroup:
    """Things that name this one by one property.

    :param more: how many are not shown
    """

    title: str
    links: Sequence[Link]
    more: int = 0


def links_back(thing: NamedNode) -> list[LinkGroup]:
    """What names a thing, by property, those with a title of their own first."""
    by_predicate: dict[NamedNode, set[NamedNode]] = {}
    for quad in snapshot().store.quads_for_pattern(None, None, thing, ACCEPTED):
        if isinstance(quad.subject, NamedNode) and quad.predicate in AIP and quad.predicate not in _APART:
            by_predicate.setdefault(quad.predicate, set()).add(quad.subject)
    titles = labels_of("links_back", name=name(thing).text)
    order = {node(prefixed): place for place, prefixed in enumerate(titles)}
    groups = []
    for predicate in sorted(by_predicate, key=lambda p: (order.get(p, len(order)), p.value)):
        things = sorted(by_predicate[predicate], key=sort_key)
        links = [_link(subject, predicate, thing) for subject in things[:MAX_LINKS]]
        title = titles.get(shorten(predicate.value)) or _("Named as: %(property)s", property=name(predicate).text)
        groups.append(LinkGroup(title, links, len(things) - len(links)))
    return groups


def _link(subject: NamedNode, predicate: NamedNode, thing: NamedNode) -> Link:
    quads = snapshot().store.quads_for_pattern(subject, predicate, thing, None)
    return Link(subject, badge_from(graphs_by_triple(quads), subject, predicate, thing))
