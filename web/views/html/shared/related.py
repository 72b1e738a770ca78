"""What refers to a thing: its dependent nodes as rows (formulations, observations, tenures), links back to it, the
nearest things to draw beside it; and the acts whose provisions the graph knows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from pyoxigraph import NamedNode

from kg.evidence import DEPENDENCIES
from kg.groups import grouped
from kg.namespaces import shorten
from kg.terms import AIP, GRAPH, RDF, Term
from web.snapshot import per_snapshot, snapshot
from web.ui_labels import labels_of
from web.views.html.shared.evidence_badge import EvidenceBadge, badge_from, evidence_badge, graphs_by_triple
from web.views.html.shared.lookup import ACCEPTED, first, named_nodes, node, objects, subjects
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
    quads = snapshot().store.quads_for_pattern(iri, None, None, ACCEPTED)
    values = grouped((quad.predicate, quad.object) for quad in quads)
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
    days = ("aip:toLatest", "aip:lastSeenLatest", "aip:fromLatest")
    return sorted(in_office.values(), key=lambda row: (max(map(row.text, days)), row.iri.value), reverse=True)


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


@per_snapshot()
def acts_with_provisions() -> tuple[NamedNode, ...]:
    """The acts and drafts of which the graph knows a provision, by name."""
    quads = snapshot().store.quads_for_pattern(None, AIP.provisionOf, None, ACCEPTED)
    return tuple(sorted(set(named_nodes(quad.object for quad in quads)), key=lambda act: act.value))


def drafts_and_acts() -> list[tuple[NamedNode, NamedNode]]:
    """Drafts with the acts that came of them, where the text of both is known."""
    acts = acts_with_provisions()
    pairs = [(draft, act) for draft in acts for act in named_nodes(objects(draft, AIP.becomes)) if act in acts]
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))


MAX_ON_A_SIDE = 7
ROW, TOP = 34, 26
"""Height of a row of the drawing, and where the first one stands."""
_NOT_DRAWN = frozenset({AIP.country, AIP.topic, AIP.sector, AIP.focus, AIP.unit, AIP.evidence, AIP.currentHolder})


@dataclass(frozen=True)
class Neighbour:
    """A thing beside the one in the middle.

    :param relation: what the link is called, read from the thing in the middle
    """

    thing: NamedNode
    relation: str
    y: int


@dataclass(frozen=True)
class Neighbourhood:
    """What is drawn on either side of a thing.

    :param left: what names it
    :param right: what it names
    """

    left: Sequence[Neighbour]
    right: Sequence[Neighbour]
    height: int

    @property
    def middle(self) -> int:
        """Where the thing itself stands."""
        return self.height // 2


def neighbourhood(thing: NamedNode, groups: Sequence[LinkGroup]) -> Neighbourhood | None:
    """The neighbours of a thing, each once; ``None`` where they are too few to be worth a drawing.

    :param groups: what names it
    """
    names = {link.subject: group.title for group in reversed(groups) for link in group.links if _is_named(link.subject)}
    named: dict[NamedNode, str] = {}
    for quad in snapshot().store.quads_for_pattern(thing, None, None, ACCEPTED):
        value = quad.object
        if (
            quad.predicate in AIP
            and quad.predicate not in _NOT_DRAWN
            and isinstance(value, NamedNode)
            and _is_named(value)
        ):
            named[value] = name(quad.predicate).text
    if len(names.keys() | named.keys()) < 3:
        return None
    left = [one for one in sorted(names, key=lambda one: (names[one], sort_key(one))) if one not in named]
    right = sorted(named, key=lambda one: (named[one], sort_key(one)))
    rows = max(min(len(left), MAX_ON_A_SIDE), min(len(right), MAX_ON_A_SIDE))
    height = rows * ROW + TOP
    return Neighbourhood(_placed(left, names, height), _placed(right, named, height), height)


def _is_named(thing: NamedNode) -> bool:
    """Whether a thing is one of the registry, with a name of its own."""
    return first(thing, RDF.type, GRAPH.registry) is not None


def _placed(things: Sequence[NamedNode], relations: dict[NamedNode, str], height: int) -> list[Neighbour]:
    """The first of some things in a column, evenly spaced around the middle."""
    shown = things[:MAX_ON_A_SIDE]
    top = (height - ROW * (len(shown) - 1)) // 2
    return [Neighbour(one, relations[one], top + ROW * place) for place, one in enumerate(shown)]
