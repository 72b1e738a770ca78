"""The acts whose provisions the graph knows, and which of them came of which draft."""

from pyoxigraph import NamedNode

from kg.terms import AIP
from web.memo import Kind
from web.snapshot import snapshot
from web.views.html.shared.lookup import ACCEPTED, named_nodes, objects
from web.views.html.shared.terms import sort_key

_ACTS: Kind[tuple[NamedNode, ...]] = Kind("acts with provisions")


def acts_with_provisions() -> tuple[NamedNode, ...]:
    """The acts and drafts of which the graph knows a provision, by name."""
    current = snapshot()
    return current.memo.get(_ACTS, None, lambda: tuple(sorted(_with_provisions(), key=lambda act: act.value)))


def _with_provisions() -> set[NamedNode]:
    quads = snapshot().store.quads_for_pattern(None, AIP.provisionOf, None, ACCEPTED)
    return set(named_nodes(quad.object for quad in quads))


def drafts_and_acts() -> list[tuple[NamedNode, NamedNode]]:
    """Drafts with the acts that came of them, where the text of both is known."""
    acts = _with_provisions()
    pairs = [(draft, act) for draft in acts for act in named_nodes(objects(draft, AIP.becomes)) if act in acts]
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))
