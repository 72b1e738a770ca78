"""Parameters that name a statement, and why one follows: what the page of its evidence and agents ask alike."""

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.errors import ParameterError, UnknownThingError
from kg.explain import Explainer, Proof
from kg.identifiers import find_iri, iris_of
from kg.namespaces import shorten
from kg.terms import Term
from web.memo import Kind
from web.snapshot import snapshot

PROOF_TIMEOUT = 2.0
_EXPLAINER: Kind[Explainer] = Kind("explainer")


def find_thing(parameter: str, text: str) -> NamedNode:
    """What a parameter names, however it is written.

    :raises ParameterError: if it is no name
    :raises UnknownThingError: if the graph does not know it
    """
    if not iris_of(text):
        raise ParameterError(parameter, text[:200], "not the name of a thing", ["a name such as id:kz", "an IRI"])
    thing = find_iri(snapshot().store, text)
    if thing is None:
        raise UnknownThingError(f"nothing in the graph is called {text[:200]!r}", hint="look for it: /search?q=")
    return thing


def find_property(parameter: str, subject: NamedNode, text: str) -> NamedNode:
    """The property that a parameter names.

    :raises ParameterError: if there is no such property; says which the subject has
    """
    store = snapshot().store
    predicate = find_iri(store, text, ("aip",))
    if predicate is None:
        used = {quad.predicate.value for quad in store.quads_for_pattern(subject, None, None, None)}
        raise ParameterError(parameter, text[:200], "not a property", sorted(map(shorten, used)))
    return predicate


def find_term(parameter: str, text: str) -> Term:
    """The value that a parameter names: a literal as in N-Triples, or the name of a thing.

    :raises ParameterError: if it is neither
    :raises UnknownThingError: if the graph does not know the thing
    """
    if not text.startswith('"'):
        return find_thing(parameter, text)
    try:
        term: Term = next(iter(parse(f"<urn:s> <urn:p> {text} .", format=RdfFormat.N_TRIPLES))).object
    except (SyntaxError, ValueError, StopIteration):
        allowed = ['"text"@en', "a name"]
        raise ParameterError(parameter, text[:200], "not a literal in N-Triples", allowed) from None
    return term


def explain(triple: Triple) -> Proof:
    """Why a triple holds.

    :raises UnknownThingError: if the graph does not say so
    :raises GraphError: if no proof is found in time
    """
    current = snapshot()
    explainer = current.memo.get(_EXPLAINER, None, lambda: Explainer(current.store))
    return explainer.explain(triple, PROOF_TIMEOUT)
