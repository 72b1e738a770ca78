"""What supports a node: the best assertion about it, and how many sources of different origin describe it.

An assertion describes a node if it makes a claim about it or about what hangs on it, its steps and wordings. One whose
claims a ruling rejects or leaves open describes something else than what the graph stands behind, and counts only
where there is no other. The best assertion is one of the highest confidence, and of these the one with most claims.
The build writes the outcome down as ``aip:evidence`` and ``aip:originCount``, so that a question reads it and need not
look through the whole graph.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.origins import origins_of
from kg.rulings import Rulings, read_rulings
from kg.terms import AIP, CONCEPT, GRAPH, is_assertion

HANGING = frozenset({AIP.of, AIP.formulationOf})
"""Properties by which what an assertion says of one node is also about another: a step, a wording."""
Claims = Mapping[NamedNode, list[Triple]]
"""What each assertion says of a node."""
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

    :param quads: of all files of the data
    """
    triples = []
    for node, support in sorted(support_of(list(quads)).items(), key=lambda item: item[0].value):
        triples.append(Triple(node, AIP.evidence, support.best))
        triples.append(Triple(node, AIP.originCount, Literal(support.origin_count)))
    return triples


def support_of(quads: Iterable[Quad]) -> dict[NamedNode, Support]:
    """The support of each node that the quads describe.

    :param quads: claims in the graphs of their assertions, rulings, and the descriptions of assertions and sources
    """
    quads = list(quads)
    rulings, described = read_rulings(quads), [quad.triple for quad in quads if quad.graph_name == GRAPH.sources]
    sources, origins, confidences = _sources(described), origins_of(described), _confidences(described)
    found = {}
    for node, claims in _described(quads, rulings).items():
        counts = {assertion: len(triples) for assertion, triples in claims.items() if assertion in sources}
        if counts and node not in rulings.nodes:
            ranked = sorted(counts, key=lambda a: (confidences.get(a, len(CONFIDENCES)), -counts[a], a.value))
            named = {assertion: sources[assertion] for assertion in ranked}
            found[node] = Support(tuple(ranked), named, {s: origins.get(s, s) for s in named.values()})
    return found


def _described(quads: Iterable[Quad], rulings: Rulings) -> dict[NamedNode, Claims]:
    """What each assertion says of each node and of what hangs on it: all of it uncontested, where there is any."""
    claims: dict[NamedNode, dict[NamedNode, list[Triple]]] = defaultdict(lambda: defaultdict(list))
    hanging: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for quad in quads:
        node, assertion = quad.subject, quad.graph_name
        if isinstance(node, NamedNode) and isinstance(assertion, NamedNode) and is_assertion(assertion):
            claims[node][assertion].append(quad.triple)
            if quad.predicate in HANGING and isinstance(quad.object, NamedNode):
                hanging[quad.object].add(node)
    standing = {node: _uncontested(said, rulings) for node, said in claims.items()}
    groups = {node: [node, *hanging[node]] for node in {*claims, *hanging}}
    return {
        node: _merged(standing[n] for n in group if n in standing) or _merged(claims[n] for n in group if n in claims)
        for node, group in groups.items()
    }


def _uncontested(claims: Claims, rulings: Rulings) -> Claims:
    """The claims of the assertions of which no ruling contests one."""
    return {a: triples for a, triples in claims.items() if not any(map(rulings.contest, triples))}


def _merged(parts: Iterable[Claims]) -> Claims:
    merged: dict[NamedNode, list[Triple]] = defaultdict(list)
    for part in parts:
        for assertion, triples in part.items():
            merged[assertion] += triples
    return merged


def _sources(described: Iterable[Triple]) -> dict[NamedNode, NamedNode]:
    """The source of each assertion."""
    links: dict[NamedNode, dict[NamedNode, NamedNode]] = {AIP.inPassage: {}, AIP.inSource: {}}
    for triple in described:
        subject, predicate, value = triple
        if predicate in links and isinstance(subject, NamedNode) and isinstance(value, NamedNode):
            links[predicate][subject] = value
    passages, sources = links[AIP.inPassage], links[AIP.inSource]
    return {assertion: sources[passage] for assertion, passage in passages.items() if passage in sources}


def _confidences(described: Iterable[Triple]) -> dict[object, int]:
    """The place of the confidence of each assertion, the highest first."""
    rated = (t for t in described if t.predicate == AIP.confidence and t.object in CONFIDENCES)
    return {triple.subject: CONFIDENCES.index(triple.object) for triple in rated}
