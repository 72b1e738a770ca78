"""Skolem IRIs for the blank nodes of ontology and shapes (RDF 1.1 Concepts, section 3.5).

A name is the hash of the statements about the node, so it stays the same from build to build until the node changes.
Two blank nodes with the same statements become one, which changes no meaning.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Quad

from kg.namespaces import BASE

GENID = BASE + "genid/"


def skolemise(quads: Iterable[Quad]) -> list[Quad]:
    """The quads with an IRI for each blank node.

    :raises ValueError: if a blank node leads back to itself, directly or through others
    """
    quads = list(quads)
    names = _name_all(quads)
    return [
        Quad(_named(quad.subject, names), quad.predicate, _named(quad.object, names), quad.graph_name) for quad in quads
    ]


def deskolemise(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads with a blank node again for each Skolem IRI, as readers of OWL and SHACL expect structures."""
    for quad in quads:
        yield Quad(_blank(quad.subject), quad.predicate, _blank(quad.object), quad.graph_name)  # type: ignore[arg-type]


def _blank(term: object) -> object:
    is_skolem = isinstance(term, NamedNode) and term.value.startswith(GENID)
    return BlankNode("n" + term.value.removeprefix(GENID)) if is_skolem else term  # type: ignore[attr-defined]


def _named(term: object, names: dict[BlankNode, NamedNode]) -> NamedNode:
    return names[term] if isinstance(term, BlankNode) else term  # type: ignore[return-value]


def _name_all(quads: list[Quad]) -> dict[BlankNode, NamedNode]:
    statements: dict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, BlankNode):
            statements[quad.subject].append(quad)
        if isinstance(quad.object, BlankNode):
            statements.setdefault(quad.object, [])
    names: dict[BlankNode, NamedNode] = {}
    for node in statements:
        _name(node, statements, names)
    return names


def _name(first: BlankNode, statements: dict[BlankNode, list[Quad]], names: dict[BlankNode, NamedNode]) -> None:
    """Name a node after all that it leads to; with a stack, not by recursion, since a list may be long."""
    stack, open_nodes = [first], set()
    while stack:
        node = stack[-1]
        needed = [quad.object for quad in statements[node] if isinstance(quad.object, BlankNode)]
        waiting = [other for other in needed if other not in names]
        if node in names or not waiting:
            stack.pop()
            content = sorted(f"{quad.predicate} {_named(quad.object, names)}" for quad in statements[node])
            digest = hashlib.sha256("\n".join(content).encode()).hexdigest()
            names.setdefault(node, NamedNode(GENID + digest[:16]))
        elif node in open_nodes:
            raise ValueError(f"a blank node leads back to itself, by {statements[node][0].predicate}")
        else:
            open_nodes.add(node)
            stack.extend(waiting)
