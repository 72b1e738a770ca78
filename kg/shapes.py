"""What shapes can see of the data (https://www.w3.org/TR/shacl/#targets, https://www.w3.org/TR/shacl/#class)."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from kg.groups import grouped
from kg.terms import RDF, RDFS, SH, Term


def seen_by(shapes: Iterable[Quad], data: list[Triple]) -> list[Triple]:
    """The triples that the shapes can see: of the properties that they name, and what is of which class they name.

    So a validator has less to read and no hierarchy to go up. All of the triples are seen where a shape is closed, asks
    in SPARQL, or looks at the types or the hierarchy themselves.
    """
    shapes = list(shapes)
    named: set[Term] = {term for quad in shapes for term in (quad.subject, quad.object)}
    looks_at_types = any(term in named for term in (RDF.type, RDFS.subClassOf))
    if looks_at_types or any(quad.predicate in (SH.closed, SH.sparql) for quad in shapes):
        return data
    triples = grouped((triple.predicate, triple) for triple in data)
    types = _types(triples.get(RDF.type, ()), _hierarchy(triples.get(RDFS.subClassOf, ())), named)
    return [*types, *(triple for predicate in triples if predicate in named for triple in triples[predicate])]


def _types(stated: Iterable[Triple], above: dict[Term, set[Term]], classes: Container[Term]) -> Iterator[Triple]:
    """What is of which of the classes, those above its own too: else engines go up again at each check."""
    members: dict[Term, set[NamedNode | BlankNode | Triple]] = defaultdict(set)
    for class_, things in grouped((triple.object, triple.subject) for triple in stated).items():
        for one in above.get(class_, {class_}):
            if one in classes:
                members[one].update(things)
    return (Triple(thing, RDF.type, class_) for class_, things in members.items() for thing in things)


def _hierarchy(edges: Sequence[Triple]) -> dict[Term, set[Term]]:
    """Each class that has one above it, with itself and all above it (by the algorithm of Warshall).

    :param edges: the triples of rdfs:subClassOf
    """
    above: dict[Term, set[Term]] = {}
    for lower, _, upper in edges:
        above.setdefault(lower, {lower}).add(upper)
    for middle, over in above.items():
        for known in above.values():
            if middle in known:
                known.update(over)
    return above
