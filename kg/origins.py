"""The origin of a source: the one at the root of what it rewrites. A source that rewrites another adds no support.

The build writes it down as ``aip:origin``, so that queries count by it; `kg.evidence` counts by the same rule.
"""

from collections.abc import Callable, Iterable

from pyoxigraph import NamedNode, Triple

from kg.terms import AIP, RDF

Rewrites = Callable[[NamedNode], NamedNode | None]
"""Gives the source that a source rewrites, if it rewrites one."""


def rewrite_chain(source: NamedNode, rewrites: Rewrites) -> list[NamedNode]:
    """A source, the one it rewrites, and so on to the root: its origin, which comes last."""
    chain = [source]
    while (earlier := rewrites(chain[-1])) and earlier not in chain:
        chain.append(earlier)
    return chain


def add_origins(triples: Iterable[Triple]) -> list[Triple]:
    """The origin of every source that the triples describe, sorted.

    :param triples: the descriptions of the sources
    """
    origins = origins_of(triples)
    return [Triple(source, AIP.origin, origins[source]) for source in sorted(origins, key=str)]


def origins_of(triples: Iterable[Triple]) -> dict[NamedNode, NamedNode]:
    """The origin of every source that the triples describe, by source."""
    sources: set[NamedNode] = set()
    rewrites: dict[NamedNode, NamedNode] = {}
    for triple in triples:
        if triple.predicate == RDF.type and triple.object == AIP.Source and isinstance(triple.subject, NamedNode):
            sources.add(triple.subject)
        elif triple.predicate == AIP.rewrites and isinstance(triple.object, NamedNode):
            rewrites[triple.subject] = triple.object  # type: ignore[index]
    return {source: rewrite_chain(source, rewrites.get)[-1] for source in sources}
