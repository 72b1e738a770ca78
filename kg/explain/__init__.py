"""Why a triple is in the graph: the shortest proof, down to claims, the registry or an axiom.

Nothing is recorded while the graph is built: the ways to derive a triple are found on request
(`kg.explain.derivations`). Premises are proved in turn with fewer steps than the proof itself may have, so no proof
rests on itself, and the first one is one of least depth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.errors import GraphError, UnknownThingError
from kg.evidence import cite
from kg.explain.derivations import Derivations
from kg.explain.proof import Proof, render
from kg.namespaces import local_name
from kg.rules import Rule, show
from kg.terms import GRAPH, is_assertion

__all__ = ["Explainer", "Proof", "explain", "render"]

#: No proof is deeper than this.
MAX_DEPTH = 20
_LEAVES = {
    "claim": "claimed by a source",
    "registry": "stated in the registry",
    "editorial": "a classification of the editors",
    "ontology": "an axiom or a name of the ontology",
    "concepts": "from a concept scheme",
}
_REJECTED = "claimed by a source, but not in the accepted view"


def explain(store: Store, triple: Triple, rules: Sequence[Rule] | None = None, seconds: float = 5.0) -> Proof:
    """The shortest proof of a triple.

    :param store: the store of a snapshot, with all its named graphs
    :param rules: the rules of files, where the snapshot does not hold them
    :param seconds: how long to search
    :raises UnknownThingError: if the triple is nowhere in the graph
    :raises GraphError: if no proof is found in time
    """
    return Explainer(store, rules).explain(triple, seconds)


class Explainer:
    """Explains the triples of one snapshot; its rules are compiled once."""

    def __init__(self, store: Store, rules: Sequence[Rule] | None = None) -> None:
        self._store = store
        self._derivations = Derivations(store, rules)

    def explain(self, triple: Triple, seconds: float = 5.0) -> Proof:
        """The shortest proof of a triple; see `kg.explain.explain`."""
        if not any(_quads(self._store, triple)):
            raise UnknownThingError(
                f"the graph does not say: {show(triple)}",
                hint="kg evidence lists what is claimed of a thing, accepted or not",
            )
        deadline = monotonic() + seconds
        for fold in (False, True):  # premises that were not written down are rare: they are sought last
            if proof := _Search(self._store, self._derivations, deadline, fold).prove(triple):
                return proof
        raise GraphError(
            f"no rule of this snapshot derives: {show(triple)}",
            hint="the snapshot was built with other rules; run: kg build",
        )


@dataclass
class _Search:
    """The search for one proof; ``_ways`` and ``_failed`` remember what has been tried."""

    store: Store
    derivations: Derivations
    deadline: float
    fold: bool
    _proofs: dict[Triple, Proof] = field(default_factory=dict)
    _ways: dict[Triple, list[Proof]] = field(default_factory=dict)
    _failed: dict[Triple, int] = field(default_factory=dict)

    def prove(self, triple: Triple) -> Proof | None:
        """A proof of least depth, if there is one."""
        proofs = (self._within(triple, depth) for depth in range(MAX_DEPTH + 1))
        return next((proof for proof in proofs if proof), None)

    def _within(self, triple: Triple, depth: int) -> Proof | None:
        """A proof of at most so many steps above one another."""
        if triple not in self._proofs and (leaf := _leaf(self.store, triple)):
            self._proofs[triple] = leaf
        known = self._proofs.get(triple)
        if known and known.depth <= depth:
            return known
        if depth <= self._failed.get(triple, 0):
            return None
        for way in self._ways_to(triple):
            premises = [self._within(premise.conclusion, depth - 1) for premise in way.premises]
            if all(premises):
                self._proofs[triple] = replace(way, premises=tuple(p for p in premises if p))
                return self._proofs[triple]
        self._failed[triple] = depth
        return None

    def _ways_to(self, triple: Triple) -> list[Proof]:
        """The ways to derive a triple in one step, the simplest first."""
        if triple not in self._ways:
            ways = []
            for way in self.derivations.ways(triple, self.fold):
                ways.append(way)
                self._check_time(triple)
            self._check_time(triple)
            self._ways[triple] = sorted(ways, key=lambda w: (len(w.premises), len(w.axioms), str(w)))
        return self._ways[triple]

    def _check_time(self, triple: Triple) -> None:
        if monotonic() > self.deadline:
            raise GraphError(f"no proof found in time: {show(triple)}", hint="allow more seconds")


def _leaf(store: Store, triple: Triple) -> Proof | None:
    """The triple as something stated: in the registry and the like, or claimed and not derived."""
    graphs = sorted((q.graph_name for q in _quads(store, triple) if isinstance(q.graph_name, NamedNode)), key=str)
    claims = [graph for graph in graphs if is_assertion(graph)]
    stated = [local_name(g.value) for g in graphs if g not in (*claims, GRAPH.accepted, GRAPH.inferred)]
    for kind in [kind for kind in stated if kind in _LEAVES]:
        return Proof(triple, kind, _LEAVES[kind])
    if claims and GRAPH.inferred not in graphs:
        summary = _LEAVES["claim"] if GRAPH.accepted in graphs else _REJECTED
        return Proof(triple, "claim", summary, citations=cite(store, claims))
    return Proof(triple, stated[0], f"stated in graph:{stated[0]}") if stated else None


def _quads(store: Store, triple: Triple) -> Iterator[Quad]:
    return store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
