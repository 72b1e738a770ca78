"""What a store holds of a node: the values of its properties, and the nodes that have a value."""

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg.terms import GRAPH, Term


def objects(store: Store, subject: NamedNode, predicate: NamedNode, graph: NamedNode = GRAPH.accepted) -> list[Term]:
    """The values of a property in a graph, sorted."""
    quads = store.quads_for_pattern(subject, predicate, None, graph)
    return sorted((quad.object for quad in quads if not isinstance(quad.object, BlankNode)), key=str)


def nodes(store: Store, subject: NamedNode, predicate: NamedNode, graph: NamedNode = GRAPH.accepted) -> list[NamedNode]:
    """Those values of a property that are IRIs, sorted."""
    return [term for term in objects(store, subject, predicate, graph) if isinstance(term, NamedNode)]


def subjects(store: Store, predicate: NamedNode, value: Term, graph: NamedNode = GRAPH.accepted) -> list[NamedNode]:
    """The nodes that have a value of a property in a graph, sorted."""
    quads = store.quads_for_pattern(None, predicate, value, graph)
    return sorted({quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}, key=str)


def text(store: Store, subject: NamedNode, predicate: NamedNode, graph: NamedNode = GRAPH.accepted) -> str | None:
    """The first value of a property as text, one in English if there is any."""
    values = objects(store, subject, predicate, graph)
    english = [value for value in values if isinstance(value, Literal) and value.language == "en"]
    return getattr(next(iter(english or values), None), "value", None)
