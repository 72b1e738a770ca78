"""Reads what the rules of the history take from the triples of a build."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.dates import OPEN_END, OPEN_START
from kg.history.model import Moment, Span
from kg.terms import AIP, CONCEPT, RDF, RDFS, SKOS, Term, is_assertion
from kg.values import date_bounds

_READ = frozenset(
    (
        *(AIP.of, AIP.stage, AIP.status, AIP.date, AIP.statusAfter, AIP.rank, AIP.periodEnd, AIP.country),
        *(AIP.becomes, AIP.replaces, AIP.repeals),
        *(AIP.post, AIP.holder, AIP.ordinal, AIP["from"], AIP.to, AIP.lastSeen, AIP.acting),
        *(AIP.postIn, AIP.exclusive, AIP.severalHolders),
        *(AIP.formulationOf, AIP.supersedes, AIP.metric, AIP.about, AIP.comparator, AIP.targetValue, AIP.unit),
        *(AIP.baselineValue, AIP.deadline, AIP.awaitedStage, AIP.direction, AIP.includedIn),
        *(AIP.value, AIP.qualifier, AIP.edition, AIP.release, AIP.releaseOrderUnknown, AIP.progressOf),
        *(RDFS.label, SKOS.prefLabel),
        *(AIP.result, AIP.readUntil, AIP.evidence, AIP.originCount),
        *(AIP.inPassage, AIP.inSource, AIP.hedge, AIP.issuedEarliest, AIP.issuedLatest, AIP.retrievedOn),
    )
)
"""The properties that the rules look at; a tenth of the triples is enough."""
_TYPES = frozenset((AIP.Aim, AIP.Asset, AIP.CoverageRecord, AIP.Draft, AIP.Instrument, AIP.Observation))
_SPOKEN = frozenset(
    (
        *(AIP.date, AIP.lastSeen, AIP["from"], AIP.to, AIP.of, AIP.formulationOf, AIP.value),
        *(AIP.becomes, AIP.replaces, AIP.repeals),
    )
)


@dataclass(frozen=True)
class Voice:
    """A source in which something is claimed.

    :param day: when it spoke; of an undated source the day on which it was read
    :param planned: whether it only spoke of a plan
    """

    day: Span
    planned: bool = False
    dated: bool = True


class Facts:
    """What is accepted, what follows from it, and which sources say so.

    :param triples: the accepted claims, what follows from them, descriptions of sources and coverage, and the concepts
    :param claims: the quads of the data files, for the assertions among them
    """

    def __init__(self, triples: Iterable[Triple], claims: Iterable[Quad]) -> None:
        self._objects: dict[tuple[object, NamedNode], list[Term]] = defaultdict(list)
        self._subjects: dict[NamedNode, list[tuple[NamedNode, Term]]] = defaultdict(list)
        for subject, predicate, value in triples:
            if predicate in _READ or (predicate == RDF.type and value in _TYPES):
                self._objects[subject, predicate].append(value)
                if isinstance(subject, NamedNode):
                    self._subjects[predicate].append((subject, value))
        self._voices: dict[tuple[object, NamedNode], list[tuple[Term, Voice]]] = defaultdict(list)
        known: dict[NamedNode, Voice | None] = {}
        for quad in claims:
            graph = quad.graph_name
            if quad.predicate in _SPOKEN and isinstance(graph, NamedNode) and is_assertion(graph):
                voice = known[graph] if graph in known else known.setdefault(graph, self._voice(graph))
                if voice:
                    self._voices[quad.subject, quad.predicate].append((quad.object, voice))

    def all(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """The values of a property, in a fixed order.

        :raises KeyError: if the property is not one of those that are read
        """
        if predicate not in _READ and predicate != RDF.type:
            raise KeyError(predicate.value)
        values = self._objects.get((subject, predicate), [])
        return sorted(values, key=str) if len(values) > 1 else values

    def one(self, subject: Term, predicate: NamedNode) -> Term | None:
        """The first value of a property."""
        return next(iter(self.all(subject, predicate)), None)

    def node(self, subject: Term, predicate: NamedNode) -> NamedNode | None:
        """The first value of a property that leads to a thing."""
        return next((value for value in self.all(subject, predicate) if isinstance(value, NamedNode)), None)

    def nodes(self, subject: Term, predicate: NamedNode) -> list[NamedNode]:
        """The things that a property leads to."""
        return [value for value in self.all(subject, predicate) if isinstance(value, NamedNode)]

    def text(self, subject: Term, predicate: NamedNode) -> str | None:
        """The first literal of a property."""
        return next((value.value for value in self.all(subject, predicate) if isinstance(value, Literal)), None)

    def label(self, subject: Term, language: str) -> str | None:
        """The name of a thing or a concept in a language."""
        names = (*self.all(subject, RDFS.label), *self.all(subject, SKOS.prefLabel))
        return next((name.value for name in names if isinstance(name, Literal) and name.language == language), None)

    def is_true(self, subject: Term, predicate: NamedNode) -> bool:
        """Whether a truth value is stated to be true."""
        return self.text(subject, predicate) == "true"

    def concept(self, subject: Term, predicate: NamedNode) -> str:
        """The local name of a concept; an empty text if there is none."""
        value = self.node(subject, predicate)
        return value.value.rsplit("/", 1)[-1] if value else ""

    def pairs(self, predicate: NamedNode) -> list[tuple[NamedNode, NamedNode]]:
        """Subject and object of a property, in a fixed order."""
        pairs = {(s, o) for s, o in self._subjects.get(predicate, ()) if isinstance(o, NamedNode)}
        return sorted(pairs, key=lambda pair: (pair[0].value, pair[1].value))

    def having(self, predicate: NamedNode) -> list[NamedNode]:
        """The things that have a value of a property."""
        return sorted({subject for subject, _ in self._subjects.get(predicate, ())}, key=lambda node: node.value)

    def subjects(self, predicate: NamedNode, value: Term) -> list[NamedNode]:
        """The things of which a property has a value."""
        return sorted({s for s, o in self._subjects.get(predicate, ()) if o == value}, key=lambda node: node.value)

    def moment(self, subject: Term, predicate: NamedNode) -> Moment | None:
        """The date that a property states, as far as its sources can have known it."""
        return next(iter(self.moments(subject, predicate)), None)

    def moments(self, subject: Term, predicate: NamedNode) -> list[Moment]:
        """The dates that a property states; none has happened after the last source that states it."""
        moments = []
        for value in self.all(subject, predicate):
            span = span_of(value)
            if span and isinstance(value, Literal):
                voices = self.voices(subject, predicate, span)
                last = max((voice.day.last for voice in voices), default=span.last)
                moments.append(Moment(span.known_by(last), value))
        return moments

    def voices(self, subject: Term, predicate: NamedNode, span: Span | None = None) -> list[Voice]:
        """The sources that state a property, of a date only those that agree with its span."""
        stated = self._voices.get((subject, predicate), [])
        if span is None:
            return [voice for _, voice in stated]
        spans = [(span_of(value), voice) for value, voice in stated]
        return [voice for one, voice in spans if one and one.first <= span.last and span.first <= one.last]

    def spoken(self, subject: Term, predicate: NamedNode, value: Term | None = None) -> Moment | None:
        """When the first source spoke of something."""
        stated = self._voices.get((subject, predicate), [])
        days = [voice.day for claimed, voice in stated if value is None or claimed == value]
        return Moment(min(days)) if days else None

    def days_spoken(self) -> Iterator[tuple[NamedNode, date]]:
        """Every thing of which a dated source speaks, and the day on which it does."""
        for (subject, _), stated in self._voices.items():
            if isinstance(subject, NamedNode):
                yield from ((subject, voice.day.first) for _, voice in stated if voice.dated)

    def is_expected(self, subject: Term, predicate: NamedNode, moment: Moment) -> bool:
        """Whether a date lies after every source that states it, or all of them only plan what may come after them."""
        voices = self.voices(subject, predicate, span_of(moment.stated) if moment.stated else None)
        if not voices:
            return False
        first, last = moment.span
        return all(voice.day.last < first or (voice.planned and voice.day.first < last) for voice in voices)

    def _voice(self, assertion: NamedNode) -> Voice | None:
        passage = self.node(assertion, AIP.inPassage)
        source = self.node(passage, AIP.inSource) if passage else None
        if source is None:
            return None
        planned = self.node(assertion, AIP.hedge) == CONCEPT["hedge-planned"]
        first, last = span_of(self.one(source, AIP.issuedEarliest)), span_of(self.one(source, AIP.issuedLatest))
        if first and last:
            return Voice(Span(first.first, last.last), planned)
        read = span_of(self.one(source, AIP.retrievedOn))
        return Voice(read, planned, dated=False) if read else None


def span_of(term: Term | None) -> Span | None:
    """The first and last day of a date literal; an open end is taken to be as near as the other one."""
    bounds = date_bounds(term) if term is not None else None
    if bounds is None:
        return None
    first, last = bounds
    if first == OPEN_START:
        return Span(last, last)
    return Span(first, first if last == OPEN_END else last)
