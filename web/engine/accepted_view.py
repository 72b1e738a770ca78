"""Which queries read the accepted view alone, so that a store that holds nothing else answers them.

Without a graph in them they read the default graph, which is the accepted view; a graph that they name must be it too.
What is not certain (a variable, an escape, a relative IRI) counts as another graph.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.namespaces import PREFIXES
from kg.query.lexer import declared_prefixes
from kg.terms import GRAPH


def names_accepted_view(text: str, graphs: list[str]) -> bool:
    """Whether each graph that a query names is certainly the accepted view.

    :param graphs: the tokens that stand behind GRAPH
    """
    if "\\u" in text or "\\U" in text:
        return False
    spaces = {**PREFIXES, **declared_prefixes(text)} if graphs else {}
    return all(_iri(name, spaces) == GRAPH.accepted.value for name in graphs)


def _iri(name: str, spaces: Mapping[str, str]) -> str:
    if name.startswith("<"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    return spaces.get(prefix, "") + local
