"""The values of a node as words of a sentence: things by name, texts, dates, numbers with their units."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pyoxigraph import Literal, NamedNode, Store

from kg.dates import DATE_DATATYPES
from kg.graph import label, order
from kg.groups import grouped
from kg.namespaces import shorten
from kg.sentences import words
from kg.terms import AIP, NUMERIC_DATATYPES, XSD, Term

Values = Mapping[NamedNode, Sequence[Term]]
"""The values of each property of a node."""
MEASURES = {
    "measure": ((AIP.value, AIP.targetValue), (AIP.qualifier, AIP.comparator)),
    "baseline": ((AIP.baselineValue,), ()),
}
MAX_NAMES = 5000
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
class TermWords:
    """Writes the values of properties in one language.

    :param units: the templates of units by language
    """

    store: Store
    language: str
    units: Mapping[NamedNode, Mapping[str, str]]

    @cached_property
    def label(self) -> Callable[[NamedNode], str]:
        """The name of a thing; sentences repeat most names, so that those used last are kept."""
        return lru_cache(MAX_NAMES)(lambda thing: label(self.store, thing, self.language))

    def measure(self, name: str, values: Values) -> list[Words]:
        """The ``measure`` or the ``baseline`` of a node: its value with the unit and what qualifies it."""
        of, qualified_by = MEASURES[name]
        number = next((t.value for p in of for t in values.get(p, ()) if isinstance(t, Literal)), None)
        if number is None:
            return []
        how = next((t for p in qualified_by for t in values.get(p, ()) if isinstance(t, NamedNode)), None)
        governing = shorten(how.value).partition("-")[2] if how else ""
        text = self.label(how) if how and governing not in _SILENT else ""
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
        return self.units.get(unit, {}).get(self.language) or self.label(unit)

    def terms(self, terms: Sequence[Term], form: str) -> list[Words]:
        """Values as they stand in a sentence: things by name, texts in the reader's language, dates in words."""
        if form.startswith("yes:"):
            return [Words(form[4:])] if any(getattr(term, "value", "") in ("true", "1") for term in terms) else []
        things = sorted({term for term in terms if isinstance(term, NamedNode)}, key=lambda t: self._name(t, form))
        texts = [term for term in terms if isinstance(term, Literal)]
        written, plain = [Words(self._name(thing, form), thing) for thing in things], self._literals(texts, form)
        return _listed([*written, *plain], self.language) if written else plain

    def _name(self, thing: NamedNode, form: str) -> str:
        name = self.label(thing)
        return name[:1].lower() + name[1:] if form == "lower" and name[1:2].islower() else name

    def _literals(self, texts: Sequence[Literal], form: str) -> list[Words]:
        if any(text.language for text in texts):
            return self._texts(texts, form)
        values = sorted(texts, key=lambda text: text.value)
        written = [self._literal(text, form) for text in (values[-1:] if form.startswith("last") else values)]
        return [Words(words.joined(written, self.language))] if written else []

    def _texts(self, texts: Sequence[Literal], form: str) -> list[Words]:
        """Texts in the reader's language, else in the first of the fixed order that there is."""
        by_tag = grouped((text.language or "", text.value) for text in sorted(texts, key=str))
        tag = next(tag for tag in (*order(self.language), "", *by_tag) if tag in by_tag)
        joined = " ".join(by_tag[tag])
        return [Words(joined.rstrip(".") if form == "clause" else joined, None, "" if tag == self.language else tag)]

    def _literal(self, literal: Literal, form: str) -> str:
        if literal.datatype in DATE_DATATYPES:
            return (words.date_phrase if form.endswith("when") else words.date_text)(literal.value, self.language)
        if literal.datatype in NUMERIC_DATATYPES:
            return words.number_text(literal.value, self.language)
        if literal.datatype == XSD.boolean:
            return words.truth(literal.value in ("true", "1"), self.language)
        return literal.value


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


def ended(parts: list[Words]) -> list[Words]:
    """The parts of a sentence that begins with a capital and ends with a full stop, no more than one."""
    merged: list[Words] = []
    for part in [*parts, Words(".")]:
        is_double = merged and merged[-1].text.endswith(_STOPS) and part.text.startswith(".")
        text = part.text[1:] if is_double else part.text
        merged += [Words(text, part.term, part.language)] if text else []
    first = merged[0]
    return [Words(first.text[:1].upper() + first.text[1:], first.term, first.language), *merged[1:]]
