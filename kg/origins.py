"""The origin of a source: the one at the root of what it rewrites. A source that rewrites another adds no support.

The build writes it down as ``aip:origin`` of the source and of each assertion of it, so that queries count by it;
`kg.evidence` counts by the same rule.
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
    """The origin of every source that the triples describe, and of every assertion of these, sorted.

    :param triples: the descriptions of sources, passages and assertions
    """
    described = list(triples)
    origins = origins_of(described)
    of_assertions = {a: origins[source] for a, source in sources_of(described).items() if source in origins}
    return [Triple(node, AIP.origin, origin) for node, origin in sorted({**origins, **of_assertions}.items(), key=str)]


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


def sources_of(described: Iterable[Triple]) -> dict[NamedNode, NamedNode]:
    """The source of each assertion.

    :param described: the descriptions of assertions and passages
    """
    links: dict[NamedNode, dict[NamedNode, NamedNode]] = {AIP.inPassage: {}, AIP.inSource: {}}
    for triple in described:
        subject, predicate, value = triple
        if predicate in links and isinstance(subject, NamedNode) and isinstance(value, NamedNode):
            links[predicate][subject] = value
    passages, sources = links[AIP.inPassage], links[AIP.inSource]
    return {assertion: sources[passage] for assertion, passage in passages.items() if passage in sources}
