"""Statements of the current snapshot: as parameters name them, as sentences for a reader, and why they follow."""

import datetime
from collections.abc import Iterable
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.errors import ParameterError, UnknownThingError
from kg.evidence import Claim
from kg.explain import Explainer, Proof
from kg.groups import grouped
from kg.identifiers import find_iri, iris_of
from kg.message import Message
from kg.namespaces import shorten
from kg.sentences import Sentence, Sentences, values_of
from kg.terms import AIP, GRAPH, RDF, Term
from web.locale import language
from web.memo import Kind
from web.snapshot import per_snapshot, snapshot

PROOF_TIMEOUT = 2.0
_EXPLAINER: Kind[Explainer] = Kind("explainer")


def find_thing(parameter: str, text: str) -> NamedNode:
    """What a parameter names, however it is written.

    :raises ParameterError: if it is no name
    :raises UnknownThingError: if the graph does not know it
    """
    if not iris_of(text):
        raise ParameterError(
            parameter,
            text[:200],
            Message("not the name of a thing"),
            [Message("a name such as id:kz"), Message("an IRI")],
        )
    thing = find_iri(snapshot().store, text)
    if thing is None:
        raise UnknownThingError(
            Message("nothing in the graph is called %(name)s", name=repr(text[:200])),
            hint=Message("look for it: /search?q=%(name)s", name=quote(text[:200])),
        )
    return thing


def find_property(parameter: str, subject: NamedNode, text: str) -> NamedNode:
    """The property that a parameter names.

    :raises ParameterError: if there is no such property; says which the subject has
    """
    store = snapshot().store
    predicate = find_iri(store, text, ("aip",))
    if predicate is None:
        used = {quad.predicate.value for quad in store.quads_for_pattern(subject, None, None, None)}
        raise ParameterError(parameter, text[:200], Message("not a property"), sorted(map(shorten, used)))
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
        allowed = ['"text"@en', Message("a name")]
        raise ParameterError(parameter, text[:200], Message("not a literal in N-Triples"), allowed) from None
    return term


def find_value(parameter: str, subject: NamedNode, predicate: NamedNode, text: str) -> Term:
    """The value that is meant: one that the graph has there and that is written so, else what `find_term` reads.

    :raises ParameterError: if it is neither that nor a literal nor a name
    :raises UnknownThingError: if the graph does not know the thing
    """
    quads = snapshot().store.quads_for_pattern(subject, predicate, None, None)
    for value in sorted({quad.object for quad in quads}, key=str):
        plain = getattr(value, "value", str(value))
        if text in (plain, str(value), shorten(plain)):
            return value
    return find_term(parameter, text)


def explain(triple: Triple) -> Proof:
    """Why a triple holds.

    :raises UnknownThingError: if the graph does not say so
    :raises GraphError: if no proof is found in time
    """
    current = snapshot()
    explainer = current.memo.get(_EXPLAINER, None, lambda: Explainer(current.store))
    return explainer.explain(triple, PROOF_TIMEOUT)


@per_snapshot(also=language)
def sentences() -> Sentences:
    """What writes sentences in the reader's language."""
    return Sentences(snapshot().store, language())


def is_told_in_english() -> bool:
    """Whether sentences are in English although the reader's language is another, for which there are no templates."""
    return sentences().language != language()


def has_sentence(node: NamedNode) -> bool:
    """Whether one sentence says what a node is, as of an event or an observation."""
    return sentences().has_template(node, {})


@per_snapshot(20_000, also=language)
def sentences_on(node: NamedNode) -> tuple[Sentence, ...]:
    """What the accepted view says of a node."""
    return tuple(sentences().on_node(node))


def sentences_of_claims(node: NamedNode, claims: Iterable[Claim], source: str = "") -> list[Sentence]:
    """Some claims about a node.

    :param source: the IRI of the source that makes them, on whose day depends what was still expected
    """
    values = grouped((claim.predicate, claim.object) for claim in claims)
    if AIP.ordinal not in values:  # which is in the key and so in the IRI, but not among what is shown of a node
        quads = snapshot().store.quads_for_pattern(node, AIP.ordinal, None, None)
        values |= {quad.predicate: [quad.object] for quad in quads}
    return sentences().on_values(node, values, _day_of(source))


def sentence_of_statement(node: NamedNode, predicate: NamedNode, value: Term) -> Sentence | None:
    """The sentence that says a statement: that of the whole node if it has a key, else that of the property."""
    writer = sentences()
    quads = snapshot().store.quads_for_pattern(node, None, None, GRAPH.accepted)
    values = values_of(quad for quad in quads if quad.predicate != predicate)
    all_values = values | {predicate: [value]}
    written = writer.on_values(node, all_values if writer.has_template(node, all_values) else {predicate: [value]})
    return next((one for one in written if predicate in one.properties), None) if predicate != RDF.type else None


def _day_of(source: str) -> datetime.date | None:
    """The last day on which a source can have been published; ``None`` if it is not known."""
    if not source:
        return None
    quads = snapshot().store.quads_for_pattern(NamedNode(source), AIP.issuedLatest, None, GRAPH.sources)
    days = [quad.object.value for quad in quads if isinstance(quad.object, Literal)]
    return datetime.date.fromisoformat(max(days)) if days else None
