"""Statements as sentences: "Law on AI was signed on 17 November 2025 by Kassym-Jomart Tokayev."

The templates stand beside the ontology (``ontology/sentences.ttl``) as values of ``aip:sentence``; this package only
fills them. `Sentences` is the one way from a node, or from what one assertion claims of it, to a sentence; pages,
search, feeds, differences and agents all use it. ``str`` of a `Sentence` is its text; its parts know what they name.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.dates import DATE_DATATYPES, bounds
from kg.namespaces import expand, shorten
from kg.sentences.template import Optional, Slot, Text, parse, slots
from kg.sentences.values import MEASURES, TermWords, Values, Words, ended
from kg.terms import AIP, GRAPH, RDF, RDFS, Term, is_assertion

_REFINING = (AIP.stage, AIP.rating)
"""Properties whose value may have a template of its own, which then comes before that of the class."""
_UNSAID = frozenset(
    {RDF.type, RDFS.label, AIP.translatedLabel, AIP.ordinal, AIP.release, AIP.edition, AIP.dateOfReport, AIP.country}
)
"""What a sentence on a node with a key leaves out: it types, names or numbers the node."""


@dataclass(frozen=True)
class Sentence:
    """A sentence in parts; ``str`` gives its text.

    :param properties: the properties whose values it says
    """

    parts: tuple[Words, ...]
    properties: frozenset[NamedNode]

    def __str__(self) -> str:
        return "".join(part.text for part in self.parts)

    def names(self, thing: Term) -> bool:
        """Whether it is about a thing or names it otherwise."""
        return any(part.term == thing for part in self.parts)


class Sentences:
    """Writes sentences on the nodes of a store in one language.

    :param store: a store with the ontology, such as that of a snapshot
    :param language: the tag of the reader's language; where there is no template in it, all is told in English, since a
        name in another language does not fit into an English sentence
    """

    def __init__(self, store: Store, language: str = "en") -> None:
        self.store = store
        self.templates = self._read(AIP.sentence)
        self.expected = self._read(AIP.expectedSentence)
        self.language = language if any(language in by_tag for by_tag in self.templates.values()) else "en"
        self.words = TermWords(store, self.language, self.templates)
        self._superclasses: dict[NamedNode, list[NamedNode]] = {}

    def on_node(self, node: NamedNode) -> list[Sentence]:
        """What the accepted view says of a node, else what assertions claim of it; nothing but what has a template."""
        quads = list(self.store.quads_for_pattern(node, None, None, GRAPH.accepted))
        quads = quads or [q for q in self.store.quads_for_pattern(node, None, None, None) if is_assertion(q.graph_name)]
        values = values_of(quads)
        return self.on_values(
            node, {p: terms for p, terms in values.items() if self.has_template(node, values) or p in self.templates}
        )

    def on_values(self, node: NamedNode, values: Values, spoken: datetime.date | None = None) -> list[Sentence]:
        """Some values of a node as sentences.

        :param node: an event, an observation or another node with a key gives one sentence, for which its class has a
            template; a thing with a name of its own gives one a property
        :param values: all that is to be said, its classes too if they are known
        :param spoken: the day of the source; what was to come later is told as expected
        """
        template, ordered = self._template(node, values, spoken), sorted(values, key=lambda p: shorten(p.value))
        first = self._fill(template, node, values) if template else None
        if first is None:
            return [self._on_property(node, p, values[p]) for p in ordered if p not in _UNTOLD]
        rest = [p for p in ordered if p not in first.properties and self._is_told(p)]
        return [first, *(self._on_property(node, p, values[p]) for p in rest)]

    def has_template(self, node: NamedNode, values: Values) -> bool:
        """Whether the class of a node has a template, so that one sentence says what the node is."""
        return self._template(node, values, None) is not None

    def _is_told(self, predicate: NamedNode) -> bool:
        is_derived = predicate.value.endswith(("Earliest", "Latest")) or predicate in (AIP.earliest, AIP.latest)
        return predicate in self.templates and predicate not in _UNSAID and not is_derived

    def _read(self, predicate: NamedNode) -> dict[NamedNode, dict[str, str]]:
        """The templates by what they are of and by language."""
        templates: dict[NamedNode, dict[str, str]] = {}
        for quad in self.store.quads_for_pattern(None, predicate, None, GRAPH.ontology):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                templates.setdefault(quad.subject, {})[quad.object.language or ""] = quad.object.value
        return templates

    def _template(self, node: NamedNode, values: Values, spoken: datetime.date | None) -> str | None:
        """The template of a node: that of its stage or rating, else that of its class or one above it."""
        types = values.get(RDF.type) or [q.object for q in self.store.quads_for_pattern(node, RDF.type, None, None)]
        classes = self.with_superclasses(term for term in types if isinstance(term, NamedNode))
        if spoken is not None and _is_after(values, spoken):
            for class_ in classes:
                if class_ in self.expected:
                    return self.expected[class_].get(self.language) or self.expected[class_].get("en")
        refining = [v for p in _REFINING for v in values.get(p, ()) if isinstance(v, NamedNode)]
        kinds = [*refining, *classes] if any(class_ in self.templates for class_ in classes) else []
        texts = (self.templates.get(kind, {}).get(tag) for tag in (self.language, "en") for kind in kinds)
        return next(filter(None, texts), None)

    def with_superclasses(self, classes: Iterable[NamedNode]) -> list[NamedNode]:
        """Classes and those above them, the nearest first."""
        line = sorted(classes, key=str)
        for class_ in line:
            if class_ not in self._superclasses:
                quads = self.store.quads_for_pattern(class_, RDFS.subClassOf, None, GRAPH.ontology)
                self._superclasses[class_] = sorted((q.object for q in quads if q.object in AIP), key=str)  # type: ignore[misc]
            line.extend(above for above in self._superclasses[class_] if above not in line)
        return line

    def _on_property(self, node: NamedNode, predicate: NamedNode, terms: Sequence[Term]) -> Sentence:
        own = self.templates.get(predicate, {})
        name = self.words.label(predicate)
        template = own.get(self.language) or own.get("en") or f"{{subject}}: {name} – {{value}}."
        filled = self._fill(template, node, {predicate: terms}, predicate)
        return filled or Sentence((), frozenset())

    def _fill(
        self, template: str, node: NamedNode, values: Values, predicate: NamedNode | None = None
    ) -> Sentence | None:
        """The template with its values; ``None`` if one that must be there is not."""
        parts: list[Words] = []
        for part in parse(template):
            match part:
                case Text(text):
                    parts.append(Words(text))
                case Optional(inner):
                    filled = [[Words(p.text)] if isinstance(p, Text) else self._slot(p, node, values) for p in inner]
                    if all(filled):
                        parts += [one for group in filled for one in group]
                case Slot() if predicate is not None:
                    own = node if part.name == "subject" else predicate
                    parts += self.words.terms([node] if own == node else values[predicate], part.form)
                case Slot():
                    if not (filled_slot := self._slot(part, node, values)):
                        return None
                    parts += filled_slot
        properties = frozenset(q for slot in slots(template) for q in _properties(slot))
        properties = properties | {AIP.unit} | {p for p in _REFINING if p in values}
        return Sentence(tuple(ended(parts)), frozenset({predicate}) if predicate else properties)

    def _slot(self, slot: Slot, node: NamedNode, values: Values) -> list[Words]:
        if slot.name == "subject":
            return self.words.terms([node], slot.form)
        if slot.name in MEASURES:
            return self.words.measure(slot.name, values)
        return self.words.terms(values.get(NamedNode(expand(slot.name)), ()), slot.form)


_UNTOLD = frozenset({RDF.type, AIP.ordinal, AIP.release, AIP.translatedLabel})


def values_of(quads: Iterable[Quad]) -> dict[NamedNode, list[Term]]:
    """The values of each property in some quads about one node, once each."""
    values: dict[NamedNode, dict[Term, None]] = {}
    for quad in quads:
        values.setdefault(quad.predicate, {})[quad.object] = None
    return {predicate: list(terms) for predicate, terms in values.items()}


def _properties(slot: Slot) -> tuple[NamedNode, ...]:
    """The properties that a slot says."""
    if slot.name in MEASURES:
        return tuple(p for group in MEASURES[slot.name] for p in group)
    return () if slot.name in ("subject", "value") else (NamedNode(expand(slot.name)),)


def _is_after(values: Values, day: datetime.date) -> bool:
    """Whether an event is dated after a day."""
    dates = [t for t in values.get(AIP.date, ()) if isinstance(t, Literal) and t.datatype in DATE_DATATYPES]
    return any(bounds(date.value, date.datatype)[0] > day for date in dates)
