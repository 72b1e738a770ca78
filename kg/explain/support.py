"""Why a node has its evidence and its number of origins: the claims and the sources behind it, looked up again."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad, Store, Triple

from kg.explain.proof import Proof
from kg.support import DEPENDENT, Support, support_of
from kg.terms import AIP, GRAPH, is_assertion

MAX_CLAIMS = 5
"""Claims of an assertion about a node that are shown."""


def support_steps(store: Store, triple: Triple) -> Iterator[Proof]:
    """The step that derives the evidence or the number of origins of a node, if the triple states one."""
    if triple.predicate not in (AIP.evidence, AIP.originCount) or not isinstance(triple.subject, NamedNode):
        return
    quads = list(_described(store, triple.subject))
    support = support_of([*quads, *_descriptions(store, quads)]).get(triple.subject)
    if support is None:
        return
    if triple.predicate == AIP.evidence and triple.object == support.best:
        claims = sorted({q.triple for q in quads if q.graph_name == support.best}, key=str)[:MAX_CLAIMS]
        yield Proof(
            triple,
            "evidence",
            "the most confident assertion about it with most claims",
            _leaves(claims),
        )
    if triple.predicate == AIP.originCount and getattr(triple.object, "value", "") == str(support.origin_count):
        yield Proof(triple, "origin-count", "the origins of the sources that describe it", _leaves(_origins(support)))


def _leaves(triples: list[Triple]) -> tuple[Proof, ...]:
    return tuple(Proof(triple, "", "") for triple in triples)


def _origins(support: Support) -> list[Triple]:
    sources = sorted(set(support.sources.values()), key=str)
    return [Triple(source, AIP.origin, support.origins[source]) for source in sources]


def _described(store: Store, node: NamedNode) -> Iterator[Quad]:
    """The claims about a node and about the nodes that depend on it."""
    dependent = {q.subject for property_ in DEPENDENT for q in store.quads_for_pattern(None, property_, node, None)}
    for subject in (node, *sorted(dependent, key=str)):
        quads = store.quads_for_pattern(subject, None, None, None)
        yield from (quad for quad in quads if is_assertion(quad.graph_name))


def _descriptions(store: Store, claims: list[Quad]) -> Iterator[Quad]:
    """The rulings, and what describes the assertions, their passages, the sources and what these rewrite."""
    yield from store.quads_for_pattern(None, None, None, GRAPH.rulings)
    waiting, seen = {quad.graph_name for quad in claims}, set()
    while waiting:
        described = waiting.pop()
        seen.add(described)
        for quad in store.quads_for_pattern(described, None, None, GRAPH.sources):  # type: ignore[arg-type]
            yield quad
            follows = quad.predicate in (AIP.inPassage, AIP.inSource, AIP.rewrites)
            if follows and isinstance(quad.object, NamedNode) and quad.object not in seen:
                waiting.add(quad.object)
