"""What supports a node: the best assertion about it, and how many sources of different origin describe it.

An assertion describes a node if it makes a claim about it or about a node that depends on it, such as a step or a
formulation. One whose claims a ruling rejects or leaves open describes something else than what the graph stands
behind, and counts only where there is no other. The best assertion is one of the highest confidence, of these one
whose source is of the kind of the first rank (the text of an act before the news of it), and of these the one with most
claims. The build writes the result down as ``aip:evidence`` and ``aip:originCount``, so that a query reads it and need
not search all of the graph.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.groups import grouped
from kg.origins import origins_of, sources_of
from kg.rulings import Rulings, read_rulings
from kg.terms import AIP, CONCEPT, GRAPH, is_assertion

DEPENDENT = frozenset({AIP.of, AIP.formulationOf})
"""Properties by which a claim about one node is also about another: that of a step or a formulation."""
Claims = Mapping[NamedNode, list[Triple]]
"""The claims that each assertion makes about a node."""
UNRANKED = 1000
"""The rank of a source of no known kind."""
CONFIDENCES = (CONCEPT["confidence-high"], CONCEPT["confidence-medium"], CONCEPT["confidence-low"])


@dataclass(frozen=True)
class Support:
    """The assertions behind a node.

    :param assertions: those that describe it, the best first
    :param sources: their sources, by assertion
    :param origins: the sources at the root of these, by source
    """

    assertions: tuple[NamedNode, ...]
    sources: Mapping[NamedNode, NamedNode]
    origins: Mapping[NamedNode, NamedNode]

    @property
    def best(self) -> NamedNode:
        """The assertion to show."""
        return self.assertions[0]

    @property
    def origin_count(self) -> int:
        """How many sources of different origin describe the node."""
        return len(set(self.origins.values()))


def add_support(quads: Iterable[Quad]) -> list[Triple]:
    """The evidence and the number of origins of every node that is described and that no ruling rejects, sorted.

    :param quads: of all files of the data, and the concepts
    """
    triples = []
    for node, support in sorted(support_of(list(quads)).items(), key=lambda item: item[0].value):
        triples.append(Triple(node, AIP.evidence, support.best))
        triples.append(Triple(node, AIP.originCount, Literal(support.origin_count)))
    return triples


def support_of(quads: Iterable[Quad]) -> dict[NamedNode, Support]:
    """The support of each node that the quads describe.

    :param quads: claims in the graphs of their assertions, rulings, the descriptions of assertions and sources, and
        the ranks of the kinds of sources
    """
    quads = list(quads)
    rulings, described = read_rulings(quads), [quad.triple for quad in quads if quad.graph_name == GRAPH.sources]
    sources, origins, confidences = sources_of(described), origins_of(described), _confidences(described)
    ranks = _ranks(quads, described)
    supports = {}
    for node, claims in _described(quads, rulings).items():
        counts = {assertion: len(triples) for assertion, triples in claims.items() if assertion in sources}
        if counts and node not in rulings.nodes:
            best_first = sorted(
                counts,
                key=lambda a: (
                    confidences.get(a, len(CONFIDENCES)),
                    ranks.get(sources[a], UNRANKED),
                    -counts[a],
                    a.value,
                ),
            )
            named = {assertion: sources[assertion] for assertion in best_first}
            supports[node] = Support(tuple(best_first), named, {s: origins.get(s, s) for s in named.values()})
    return supports


def _described(quads: Iterable[Quad], rulings: Rulings) -> dict[NamedNode, Claims]:
    """The claims about each node and those that depend on it by assertion: the uncontested ones, if there are any."""
    claims: dict[NamedNode, dict[NamedNode, list[Triple]]] = defaultdict(lambda: defaultdict(list))
    dependent: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for quad in quads:
        node, assertion = quad.subject, quad.graph_name
        if isinstance(node, NamedNode) and isinstance(assertion, NamedNode) and is_assertion(assertion):
            claims[node][assertion].append(quad.triple)
            if quad.predicate in DEPENDENT and isinstance(quad.object, NamedNode):
                dependent[quad.object].add(node)
    uncontested = {
        node: {a: triples for a, triples in of_node.items() if not any(map(rulings.contest, triples))}
        for node, of_node in claims.items()
    }
    groups = {node: [node, *dependent[node]] for node in {*claims, *dependent}}
    return {
        node: _merged(uncontested[n] for n in group if n in uncontested)
        or _merged(claims[n] for n in group if n in claims)
        for node, group in groups.items()
    }


def _merged(parts: Iterable[Claims]) -> Claims:
    return grouped((a, triple) for part in parts for a, triples in part.items() for triple in triples)


def _confidences(described: Iterable[Triple]) -> dict[object, int]:
    """The place of the confidence of each assertion, the highest first."""
    rated = (t for t in described if t.predicate == AIP.confidence and t.object in CONFIDENCES)
    return {triple.subject: CONFIDENCES.index(triple.object) for triple in rated}


def _ranks(quads: Iterable[Quad], described: Iterable[Triple]) -> dict[object, int]:
    """The rank of the kind of each source, the text of an act first."""
    kinds: dict[object, object] = {
        triple.subject: triple.object for triple in described if triple.predicate == AIP.sourceKind
    }
    given = ((quad.subject, quad.object) for quad in quads if quad.predicate == AIP.rank)
    ranks: dict[object, int] = {kind: int(rank.value) for kind, rank in given if isinstance(rank, Literal)}
    return {source: ranks[kind] for source, kind in kinds.items() if kind in ranks}
