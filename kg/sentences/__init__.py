"""Statements as sentences: "Law on AI was signed on 17 November 2025 by Kassym-Jomart Tokayev."

The templates stand beside the ontology (``ontology/sentences.ttl``) as values of ``aip:sentence``; this package only
fills them. `Sentences` is the one way from a node, or from what one assertion claims of it, to a sentence; pages,
search, feeds, differences and agents all use it. A `Sentence` is text (``str``) and knows which of its words name things.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.dates import DATE_DATATYPES, bounds
from kg.labels import label, order
from kg.namespaces import expand, shorten
from kg.sentences import words
from kg.sentences.template import Optional, Slot, Text, parse, slots
from kg.terms import AIP, GRAPH, NUMERIC_DATATYPES, RDF, RDFS, SKOS, XSD, Term, is_assertion

Values = Mapping[NamedNode, Sequence[Term]]
"""The values of each property of a node."""
_REFINING = (AIP.stage, AIP.rating)
"""Properties whose value may have a template of its own, which then comes before that of the class."""
_UNSAID = frozenset(
    {RDF.type, RDFS.label, AIP.translatedLabel, AIP.ordinal, AIP.release, AIP.edition, AIP.dateOfReport, AIP.country}
)
"""What a sentence on a node with a key leaves out: it types, names or numbers the node."""
_MEASURES = {
    "measure": ((AIP.value, AIP.targetValue), (AIP.qualifier, AIP.comparator)),
    "baseline": ((AIP.baselineValue,), ()),
}
_SILENT = ("exactly", "as-stated")
"""Qualifiers and comparators that add nothing to the value."""


@dataclass(frozen=True)
class Words:
    """A part of a sentence.

    :param term: the thing that the words name, if they name one
    :param language: the language of the words where it is not that of the sentence
    """

    text: str
    term: NamedNode | None = None
    language: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence in parts; ``str`` gives its text.

    :param properties: the properties whose values it says
    """

    parts: tuple[Words, ...]
    properties: frozenset[NamedNode]

    def __str__(self) -> str:
        return "".join(part.text for part in self.parts)


class Sentences:
    """Writes sentences on the nodes of a store in one language.

    :param store: a store with the ontology, such as that of a snapshot
    :param language: the tag of the reader's language; English stands in where there is no template in it
    """

    def __init__(self, store: Store, language: str = "en") -> None:
        self.store = store
        self.language = language
        self.templates = self._read(AIP.sentence)
        self.expected = self._read(AIP.expectedSentence)
        self._superclasses: dict[NamedNode, list[NamedNode]] = {}

    def on_node(self, node: NamedNode) -> list[Sentence]:
        """What the accepted view says of a node, else what assertions claim of it."""
        quads = list(self.store.quads_for_pattern(node, None, None, GRAPH.accepted))
        quads = quads or [q for q in self.store.quads_for_pattern(node, None, None, None) if is_assertion(q.graph_name)]
        return self.on_values(node, values_of(quads))

    def on_values(self, node: NamedNode, values: Values, spoken: datetime.date | None = None) -> list[Sentence]:
        """Some values of a node as sentences.

        :param node: an event, an observation or another node with a key gives one sentence, for which its class has a
            template; a thing with a name of its own gives one a property
        :param values: all that is to be said, its classes too if they are known
        :param spoken: the day of the source; what was to come later is told as expected
        """
        template = self._template(node, values, spoken)
        if template is None:
            return [self._on_property(node, p, values[p]) for p in sorted(values, key=_by_name) if p not in _UNTOLD]
        first = self._fill(template, node, values)
        if first is None:
            return []
        rest = [p for p in sorted(values, key=_by_name) if p not in first.properties and self._is_told(p)]
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

    def _in_language(self, of: NamedNode, templates: Mapping[NamedNode, dict[str, str]]) -> str | None:
        """The template in the reader's language."""
        return templates.get(of, {}).get(self.language)

    def _template(self, node: NamedNode, values: Values, spoken: datetime.date | None) -> str | None:
        """The template of a node: that of its stage or rating, else that of its class or one above it."""
        types = values.get(RDF.type) or [q.object for q in self.store.quads_for_pattern(node, RDF.type, None, None)]
        classes = self._with_superclasses(term for term in types if isinstance(term, NamedNode))
        if spoken is not None and _is_after(values, spoken):
            for class_ in classes:
                if class_ in self.expected:
                    return self._in_language(class_, self.expected) or self.expected[class_].get("en")
        refining = [v for p in _REFINING for v in values.get(p, ()) if isinstance(v, NamedNode)]
        kinds = [*refining, *classes] if any(class_ in self.templates for class_ in classes) else []
        own = (self._in_language(kind, self.templates) for kind in kinds)
        english = (self.templates.get(kind, {}).get("en") for kind in kinds)
        return next(filter(None, own), None) or next(filter(None, english), None)

    def _with_superclasses(self, classes: Iterable[NamedNode]) -> list[NamedNode]:
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
        name = label(self.store, predicate, self.language)
        template = own.get(self.language) or own.get("en") or f"{{subject}}: {name} – {{value}}."
        filled = self._fill(template, node, {predicate: terms, AIP.subject: [node]}, predicate)
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
                    filled = [[Words(p.text)] if isinstance(p, Text) else self._slot(p, values) for p in inner]
                    if all(filled):
                        parts += [one for group in filled for one in group]
                case Slot() if predicate is not None:
                    own = node if part.name == "subject" else predicate
                    parts += self._terms([node] if own == node else values[predicate], part.form)
                case Slot():
                    if not (filled_slot := self._slot(part, values)):
                        return None
                    parts += filled_slot
        said = frozenset(q for slot in slots(template) for q in _properties(slot))
        return Sentence(tuple(_ended(parts)), frozenset({predicate}) if predicate else said | {AIP.unit})

    def _slot(self, slot: Slot, values: Values) -> list[Words]:
        if slot.name in _MEASURES:
            return self._measure(slot.name, values)
        return self._terms(values.get(NamedNode(expand(slot.name)), ()), slot.form)

    def _measure(self, name: str, values: Values) -> list[Words]:
        of, qualified_by = _MEASURES[name]
        number = next((t.value for p in of for t in values.get(p, ()) if isinstance(t, Literal)), None)
        if number is None:
            return []
        how = next((t for p in qualified_by for t in values.get(p, ()) if isinstance(t, NamedNode)), None)
        governing = shorten(how.value).partition("-")[2] if how else ""
        text = label(self.store, how, self.language) if how and governing not in _SILENT else ""
        unit = next((t for t in values.get(AIP.unit, ()) if isinstance(t, NamedNode)), None)
        if governing == "by-rank":
            return [Words(words.phrase("by_rank", self.language, value=number))]
        if governing == "times-baseline":
            return [Words(f"{words.number_text(number, self.language)} {text}")]
        return [Words(words.quantity(number, self._unit(unit), text, governing, self.language))]

    def _unit(self, unit: NamedNode | None) -> str:
        """The template of a unit, else its name."""
        if unit is None:
            return ""
        return self._in_language(unit, self.templates) or label(self.store, unit, self.language)

    def _terms(self, terms: Sequence[Term], form: str) -> list[Words]:
        """Values as they stand in a sentence: things by name, texts in the reader's language, dates in words."""
        if form.startswith("yes:"):
            return [Words(form[4:])] if any(getattr(term, "value", "") in ("true", "1") for term in terms) else []
        things = sorted({term for term in terms if isinstance(term, NamedNode)}, key=lambda t: self._name(t, form))
        texts = [term for term in terms if isinstance(term, Literal)]
        said = [Words(self._name(thing, form), thing) for thing in things]
        return _listed([*said, *self._literals(texts, form)], self.language) if said else self._literals(texts, form)

    def _name(self, thing: NamedNode, form: str) -> str:
        name = label(self.store, thing, self.language)
        return name[:1].lower() + name[1:] if form == "lower" and name[1:2].islower() else name

    def _literals(self, texts: Sequence[Literal], form: str) -> list[Words]:
        if any(text.language for text in texts):
            return self._texts(texts, form)
        values = sorted(texts, key=lambda text: text.value)
        said = [self._literal(text, form) for text in (values[-1:] if form.startswith("last") else values)]
        return [Words(words.joined(said, self.language))] if said else []

    def _texts(self, texts: Sequence[Literal], form: str) -> list[Words]:
        """Texts in the reader's language, else in the first of the fixed order that there is."""
        by_tag: dict[str, list[str]] = {}
        for text in sorted(texts, key=str):
            by_tag.setdefault(text.language or "", []).append(text.value)
        tag = next(tag for tag in (*order(self.language), "", *by_tag) if tag in by_tag)
        text = " ".join(by_tag[tag])
        return [Words(text.rstrip(".") if form == "clause" else text, None, "" if tag == self.language else tag)]

    def _literal(self, literal: Literal, form: str) -> str:
        if literal.datatype in DATE_DATATYPES:
            return (words.date_phrase if form.endswith("when") else words.date_text)(literal.value, self.language)
        if literal.datatype in NUMERIC_DATATYPES:
            return words.number_text(literal.value, self.language)
        if literal.datatype == XSD.boolean:
            return words.truth(literal.value in ("true", "1"), self.language)
        return literal.value


_UNTOLD = frozenset({RDF.type, AIP.ordinal, AIP.release, AIP.translatedLabel, AIP.subject})


def values_of(quads: Iterable[Quad]) -> dict[NamedNode, list[Term]]:
    """The values of each property in some quads about one node, once each."""
    values: dict[NamedNode, dict[Term, None]] = {}
    for quad in quads:
        values.setdefault(quad.predicate, {})[quad.object] = None
    return {predicate: list(terms) for predicate, terms in values.items()}


def _by_name(predicate: NamedNode) -> str:
    return shorten(predicate.value)


def _properties(slot: Slot) -> tuple[NamedNode, ...]:
    """The properties that a slot says."""
    if slot.name in _MEASURES:
        return tuple(p for group in _MEASURES[slot.name] for p in group)
    return () if slot.name in ("subject", "value") else (NamedNode(expand(slot.name)),)


def _is_after(values: Values, day: datetime.date) -> bool:
    """Whether an event is dated after a day."""
    dates = [t for t in values.get(AIP.date, ()) if isinstance(t, Literal) and t.datatype in DATE_DATATYPES]
    return any(bounds(date.value, date.datatype)[0] > day for date in dates)


def _listed(parts: Sequence[Words], language: str) -> list[Words]:
    """Things as a list in a sentence, each still a part of its own."""
    marks = [chr(0xE000 + place) for place in range(len(parts))]
    text = words.joined(marks, language)
    listed: list[Words] = []
    for place, part in enumerate(parts):
        before, _, text = text.partition(marks[place])
        listed += [Words(before), part] if before else [part]
    return listed


_STOPS = (".", "!", "?", "…", ".”", ".»")


def _ended(parts: list[Words]) -> list[Words]:
    """The parts of a sentence that begins with a capital and ends with a full stop, no more than one."""
    ended: list[Words] = []
    for part in [*parts, Words(".")]:
        is_double = ended and ended[-1].text.endswith(_STOPS) and part.text.startswith(".")
        text = part.text[1:] if is_double else part.text
        ended += [Words(text, part.term, part.language)] if text else []
    first = ended[0]
    return [Words(first.text[:1].upper() + first.text[1:], first.term, first.language), *ended[1:]]
