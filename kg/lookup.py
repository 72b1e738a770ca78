"""The thing, property or value that people name, however it is written; or an error with the nearest names."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple, parse

from kg.errors import UnknownThingError, UsageError
from kg.graph import objects
from kg.identifiers import find_iri
from kg.namespaces import PREFIXES, local_name, shorten
from kg.terms import GRAPH, RDF, RDFS, SKOS, Term

_WORD = re.compile(r"\w+")
_SHOWN = 80
"""Characters of a name that a message repeats."""


def find_thing(store: Store, name: str) -> NamedNode:
    """The thing of a name, however it is written.

    :raises UnknownThingError: with the nearest names
    """
    node = find_iri(store, name)
    if node is not None:
        return node
    near = _near(store, name.strip("<>"))
    hint = f"did you mean: {', '.join(near)}?" if near else "kg query identifiers lists all names"
    raise UnknownThingError(f"nothing in the graph is called {name[:_SHOWN]!r}", hint=hint)


def find_statement(store: Store, subject: str, predicate: str, value: str) -> Triple:
    """The statement that is meant, whether the graph makes it or not.

    :param value: the name of a thing, the text of a value that the graph has there, or a literal in Turtle
    :raises UnknownThingError: if there is no such thing or property
    :raises UsageError: if the value is no Turtle term
    """
    node, verb = find_thing(store, subject), find_iri(store, predicate, ("aip",))
    if verb is None:
        raise UnknownThingError(
            f"there is no property {predicate[:_SHOWN]!r}", hint=f"kg describe {subject} shows those it has"
        )
    return Triple(node, verb, _value(store, node, verb, value))


def _near(store: Store, text: str) -> list[str]:
    """Names of things that may be meant: with all the words in a label, the shortest four; then those spelt alike."""
    words = set(_WORD.findall(text.casefold()))
    labels = (q for p in (RDFS.label, SKOS.prefLabel, SKOS.altLabel) for q in store.quads_for_pattern(None, p, None))
    labelled = sorted(
        (len(quad.object.value), local_name(quad.subject.value))
        for quad in labels
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
        if words and words <= set(_WORD.findall(quad.object.value.casefold()))
    )
    whole = dict.fromkeys(name for _, name in labelled if "--" not in name)
    alike = get_close_matches("-".join(local_name(text).lower().split()), _names(store), n=5, cutoff=0.5)
    return list(dict.fromkeys([*list(whole)[:4], *alike]))[:5]


def _names(store: Store) -> list[str]:
    quads = store.quads_for_pattern(None, RDF.type, None, GRAPH.accepted)
    return sorted({local_name(q.subject.value) for q in quads if isinstance(q.subject, NamedNode)})


def _value(store: Store, subject: NamedNode, predicate: NamedNode, text: str) -> Term:
    """The object meant: one that the graph holds for subject and predicate, else a Turtle term, else a thing."""
    for quad in store.quads_for_pattern(subject, predicate, None, None):
        if text in (getattr(quad.object, "value", None), str(quad.object), shorten(getattr(quad.object, "value", ""))):
            return quad.object
    if text[:1] in "\"'" or text[:1].isdigit():
        return _literal(text, objects(store, subject, predicate))
    return find_thing(store, text)


def _literal(text: str, known: Sequence[Term]) -> Term:
    """A literal in Turtle.

    :param known: the values that the graph has there, to be named if it is none
    """
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    try:
        quads = list(parse(f"{prologue}<urn:s> <urn:p> {text} .", format=RdfFormat.TURTLE))
    except SyntaxError as error:
        values = ", ".join(shorten(str(getattr(value, "value", value)))[:_SHOWN] for value in known[:5])
        hint = f"the graph has: {values}" if values else """write '"2025-11-17"^^xsd:date', 10 or '"text"@en'"""
        raise UsageError(f"{text[:_SHOWN]!r} is no value there and not a Turtle term", hint=hint) from error
    return quads[0].object if quads else Literal(text)
