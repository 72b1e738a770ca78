"""Short ways to write down statements as quads."""

from collections.abc import Iterable, Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.namespaces import expand

Value = str | int | bool | NamedNode | Literal
"""An IRI as prefixed name, a number, a truth value, or a term."""
_DEFAULT = DefaultGraph()


def in_graph(triples: Iterable[Triple | Quad], graph: NamedNode | DefaultGraph = _DEFAULT) -> Iterator[Quad]:
    """Triples, or the triples of quads, as quads of one graph."""
    return (Quad(each.subject, each.predicate, each.object, graph) for each in triples)


def statements(graph: NamedNode, subject: str, *pairs: tuple[str, Value]) -> Iterator[Quad]:
    """Quads of one subject.

    :param subject: IRI of the subject
    :param pairs: property as prefixed name, and value
    """
    for name, value in pairs:
        term = NamedNode(expand(value)) if isinstance(value, str) else value
        if isinstance(term, bool | int):
            term = Literal(term)
        yield Quad(NamedNode(subject), NamedNode(expand(name)), term, graph)


def text(value: str, language: str | None = None) -> Literal:
    """A string, in a language if one is given."""
    return Literal(value, language=language)
