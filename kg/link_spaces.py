"""The namespaces of identifiers in other datasets, as the concepts of their schemes give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from kg.namespaces import namespace_of
from kg.terms import GRAPH, SCHEMA


def link_spaces(quads: Iterable[Quad]) -> dict[str, NamedNode]:
    """The scheme that each namespace belongs to.

    :param quads: among them the URL templates of the concepts
    """
    return {
        quad.object.value.partition("{")[0]: quad.subject
        for quad in quads
        if quad.predicate == SCHEMA.urlTemplate and quad.graph_name == GRAPH.concepts
        if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
    }


def space_of(iri: str, spaces: Mapping[str, NamedNode]) -> str:
    """The namespace of an identifier: that of its scheme, else all before its last part."""
    return next((space for space in spaces if iri.startswith(space)), None) or namespace_of(iri)
