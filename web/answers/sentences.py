"""Statements as sentences in the reader's language, from the current snapshot; `kg.sentences` writes them."""

import datetime
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from kg.evidence import Claim
from kg.sentences import Sentence, Sentences, values_of
from kg.terms import AIP, GRAPH, RDF, Term
from web.locale import language
from web.memo import Kind
from web.snapshot import snapshot

_WRITERS: Kind[Sentences] = Kind("writers of sentences")
_SENTENCES: Kind[tuple[Sentence, ...]] = Kind("sentences", max_size=20_000)


def sentences() -> Sentences:
    """What writes sentences in the reader's language."""
    current, tag = snapshot(), language()
    return current.memo.get(_WRITERS, tag, lambda: Sentences(current.store, tag))


def is_told_in_english() -> bool:
    """Whether sentences are in English although the reader's language is another, for which there are no templates."""
    return sentences().language != language()


def has_sentence(node: NamedNode) -> bool:
    """Whether one sentence says what a node is, as of an event or an observation."""
    return sentences().has_template(node, {})


def sentences_on(node: NamedNode) -> tuple[Sentence, ...]:
    """What the accepted view says of a node."""
    current, writer = snapshot(), sentences()
    return current.memo.get(_SENTENCES, (node, writer.language), lambda: tuple(writer.on_node(node)))


def sentences_of_claims(node: NamedNode, claims: Iterable[Claim], source: str = "") -> list[Sentence]:
    """Some claims about a node.

    :param source: the IRI of the source that makes them, on whose day depends what was still expected
    """
    values: dict[NamedNode, list[Term]] = {}
    for claim in claims:
        values.setdefault(claim.predicate, []).append(claim.object)
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
