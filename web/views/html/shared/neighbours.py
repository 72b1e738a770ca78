"""The nearest things that a thing is linked with, to be drawn beside it: what it names, and what names it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.terms import AIP, GRAPH, RDF
from web.snapshot import snapshot
from web.views.html.shared.lookup import ACCEPTED
from web.views.html.shared.related import LinkGroup
from web.views.html.shared.terms import name, sort_key

MAX_ON_A_SIDE = 7
ROW, TOP = 34, 26
"""Height of a row of the drawing, and where the first one stands."""
_APART = frozenset({AIP.country, AIP.topic, AIP.sector, AIP.focus, AIP.unit, AIP.evidence, AIP.currentHolder})


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
        if quad.predicate in AIP and quad.predicate not in _APART and isinstance(value, NamedNode) and _is_named(value):
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
    quads = snapshot().store.quads_for_pattern(thing, RDF.type, None, GRAPH.registry)
    return any(True for _quad in quads)


def _placed(things: Sequence[NamedNode], relations: dict[NamedNode, str], height: int) -> list[Neighbour]:
    """The first of some things in a column, evenly spaced around the middle."""
    shown = things[:MAX_ON_A_SIDE]
    top = (height - ROW * (len(shown) - 1)) // 2
    return [Neighbour(one, relations[one], top + ROW * place) for place, one in enumerate(shown)]
