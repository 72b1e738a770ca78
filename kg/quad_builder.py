"""A short way to write down statements about one subject as quads."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.namespaces import expand

Value = str | int | bool | NamedNode | Literal
"""An IRI as prefixed name, a number, a truth value, or a term."""


def statements(graph: str, subject: str, *pairs: tuple[str, Value]) -> Iterator[Quad]:
    """Quads of one subject.

    :param graph: IRI of the graph
    :param subject: IRI of the subject
    :param pairs: property as prefixed name, and value
    """
    for name, value in pairs:
        term = NamedNode(expand(value)) if isinstance(value, str) else value
        if isinstance(term, bool | int):
            term = Literal(term)
        yield Quad(NamedNode(subject), NamedNode(expand(name)), term, NamedNode(graph))


def text(value: str, language: str | None = None) -> Literal:
    """A string, in a language if one is given."""
    return Literal(value, language=language)
