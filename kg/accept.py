"""Decides which claims the graph stands behind: all that no ruling rejects, each single value once.

Where sources differ on a single value and no ruling says which to follow, nothing is accepted of it
and the disagreement is reported with both values, who claims them, and a ruling to paste.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.errors import DisagreementError
from kg.namespaces import GRAPH_EDITORIAL, GRAPH_REGISTRY, GRAPH_SOURCES, PREFIXES, expand, shorten
from kg.rulings import Statement, draft_ruling, read_rulings
from kg.values import agrees, settle, value_key, written
from kg.vocabulary import LABEL, TYPE, Vocabulary

Term = NamedNode | BlankNode | Literal | Triple

_REGISTRY, _EDITORIAL, _SOURCES = (NamedNode(iri) for iri in (GRAPH_REGISTRY, GRAPH_EDITORIAL, GRAPH_SOURCES))
_ASSERTIONS = PREFIXES["assertion"]
_IN_PASSAGE, _IN_SOURCE = NamedNode(expand("aip:inPassage")), NamedNode(expand("aip:inSource"))


@dataclass(frozen=True)
class Claimed:
    """One of the values on which sources differ, and who claims it.

    :param assertions: the assertions that claim it, or graph:registry
    :param sources: the sources of these assertions
    """

    value: Term
    assertions: tuple[NamedNode, ...]
    sources: tuple[NamedNode, ...]

    def __str__(self) -> str:
        said_by = (shorten(name.value) for name in (*self.assertions, *self.sources))
        return f"{written(self.value)} ({', '.join(said_by)})"


@dataclass(frozen=True)
class Disagreement:
    """Two or more values of what has one, without a ruling."""

    subject: NamedNode
    property: NamedNode
    values: tuple[Claimed, ...]

    def __str__(self) -> str:
        values = "; ".join(str(value) for value in self.values)
        return f"sources disagree on {shorten(self.property.value)} of {shorten(self.subject.value)}: {values}"

    def ruling(self, today: date) -> str:
        """A ruling to paste into data/rulings.ttl: it upholds the first value and lacks the reason."""
        return draft_ruling(self.subject, self.property, [value.value for value in self.values], today)


@dataclass(frozen=True)
class Acceptance:
    """What came of every triple of registry, editorial and assertions.

    :param accepted: what the graph stands behind, without inferences
    :param rejected: what a ruling rejects, by value or with its node, and that ruling
    :param disputed: values and nodes of which a ruling says that nothing is settled, and that ruling
    :param refined: dates that another refines and numbers written otherwise, and what stands for each
    :param compatible: values that a ruling lets stand beside each other, and that ruling
    :param disagreements: what wants a ruling; its triples are in none of the others
    """

    accepted: set[Triple] = field(default_factory=set)
    rejected: dict[Triple, NamedNode] = field(default_factory=dict)
    disputed: dict[Triple, NamedNode] = field(default_factory=dict)
    refined: dict[Triple, Triple] = field(default_factory=dict)
    compatible: dict[Triple, NamedNode] = field(default_factory=dict)
    disagreements: tuple[Disagreement, ...] = ()

    def raise_for_disagreements(self, today: date) -> None:
        """Stops where sources disagree without a ruling.

        :param today: the date that the ruling to paste bears
        :raises DisagreementError: if there is a disagreement; the hint holds the rulings to paste
        """
        if self.disagreements:
            message = "\n".join(str(disagreement) for disagreement in self.disagreements)
            drafts = "\n\n".join(disagreement.ruling(today) for disagreement in self.disagreements)
            how = "rule on it in data/rulings.ttl: say which value to follow and why, or that it is unresolved"
            raise DisagreementError(message, self.disagreements, hint=f"{how}\n\n{drafts}")


def accept(quads: Iterable[Quad], vocabulary: Vocabulary) -> Acceptance:
    """Applies the rulings to the claims and finds the disagreements that have none.

    :param quads: of all files of the data
    :param vocabulary: says of what a thing has one value at most
    """
    accepting = _Accepting(list(quads), vocabulary)
    return accepting.done()


class _Accepting:
    """An acceptance in the making."""

    def __init__(self, quads: Sequence[Quad], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.rulings = read_rulings(quads)
        self.graphs = _graphs(quads)
        self.sources = _sources(quads)
        self.result = Acceptance()
        self.disagreements: list[Disagreement] = []
        self.types: dict[Term, set[NamedNode]] = defaultdict(set)

    def done(self) -> Acceptance:
        statements: dict[Statement, list[Triple]] = defaultdict(list)
        for triple in self.graphs:
            if not self._falls(triple):
                statements[triple.subject, triple.predicate].append(triple)
                if triple.predicate == TYPE and isinstance(triple.object, NamedNode):
                    self.types[triple.subject].add(triple.object)
        for statement, triples in statements.items():
            self._decide(statement, triples)
        order = sorted(self.disagreements, key=lambda found: (found.subject.value, found.property.value))
        return replace(self.result, disagreements=tuple(order))

    def _falls(self, triple: Triple) -> bool:
        """Whether a ruling rejects a triple, by its value or with one of its nodes."""
        nodes = self.rulings.nodes
        ruling = nodes.get(triple.subject) or nodes.get(triple.object)
        if ruling is None and self.rulings.rejected:
            key = (triple.subject, triple.predicate, value_key(triple.object))
            ruling = self.rulings.rejected.get(key)
        if ruling is not None:
            fallen = self.result.disputed if ruling in self.rulings.undecided else self.result.rejected
            fallen[triple] = ruling
        return ruling is not None

    def _decide(self, statement: Statement, triples: Sequence[Triple]) -> None:
        if statement in self.rulings.unresolved:
            self.result.disputed.update(dict.fromkeys(triples, self.rulings.unresolved[statement]))
        elif len(triples) == 1:
            self.result.accepted.update(triples)
        else:
            for rivals in self._rivals(statement, triples):
                self._settle(statement, {triple.object: triple for triple in rivals})

    def _rivals(self, statement: Statement, triples: Sequence[Triple]) -> Iterable[Sequence[Triple]]:
        """The values of a subject and property, parted so that of each part only one can stand."""
        subject, property_ = statement
        if property_ == TYPE:
            return self._rival_types(triples)
        if property_ == LABEL:
            return _by_language(triples)
        if property_ in self.vocabulary.single_of(self.types.get(subject, ())):
            return [triples]
        return [[triple] for triple in triples]

    def _rival_types(self, triples: Sequence[Triple]) -> Iterable[Sequence[Triple]]:
        """Types of which neither is a kind of the other are rivals; what lies above another is not."""
        above = [self.vocabulary.ancestors([t.object]) - {t.object} for t in triples if _is_named(t.object)]
        general = frozenset().union(*above)
        return [
            [t for t in triples if t.object not in general],
            *([t] for t in triples if t.object in general),
        ]

    def _settle(self, statement: Statement, rivals: Mapping[Term, Triple]) -> None:
        """Accepts one of the rivals, or those that a ruling calls compatible; else reports a disagreement."""
        named = self._compatible(statement, rivals)
        kept, gone = settle(value for value in rivals if value not in named)
        gone |= {value: better for value in kept for better in named if agrees(better, value)}
        standing = [value for value in kept if value not in gone]
        if len(standing) > (0 if named else 1):
            self._report(statement, [*named, *standing])
            return
        self.result.accepted.update(rivals[value] for value in (*named, *standing))
        self.result.compatible.update({rivals[value]: ruling for value, ruling in named.items()})
        stand_ins = {value: gone.get(better, better) for value, better in gone.items()}
        self.result.refined.update({rivals[value]: rivals[better] for value, better in stand_ins.items()})

    def _compatible(self, statement: Statement, values: Iterable[Term]) -> dict[Term, NamedNode]:
        """The values that a ruling lets stand, each once, and that ruling."""
        found: dict[Hashable, tuple[Term, NamedNode]] = {}
        for value in sorted(values, key=str):
            ruling = self.rulings.compatible.get((*statement, value_key(value)))
            if ruling is not None:
                found.setdefault(value_key(value), (value, ruling))
        return dict(found.values())

    def _report(self, statement: Statement, values: Iterable[Term]) -> None:
        subject, property_ = statement
        if isinstance(subject, NamedNode) and isinstance(property_, NamedNode):
            claimed = (self._claimed(Triple(subject, property_, value)) for value in values)
            self.disagreements.append(Disagreement(subject, property_, tuple(claimed)))

    def _claimed(self, triple: Triple) -> Claimed:
        assertions = sorted(self.graphs[triple], key=str)
        sources = {self.sources[assertion] for assertion in assertions if assertion in self.sources}
        return Claimed(triple.object, tuple(assertions), tuple(sorted(sources, key=str)))


def _graphs(quads: Iterable[Quad]) -> dict[Triple, set[NamedNode]]:
    """The triples of registry, editorial and assertions, and the graphs that say each."""
    graphs: dict[Triple, set[NamedNode]] = defaultdict(set)
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and (graph.value.startswith(_ASSERTIONS) or graph in (_REGISTRY, _EDITORIAL)):
            graphs[quad.triple].add(graph)
    return graphs


def _sources(quads: Iterable[Quad]) -> dict[NamedNode, NamedNode]:
    """The source of each assertion."""
    links: dict[NamedNode, dict[Term, NamedNode]] = {_IN_PASSAGE: {}, _IN_SOURCE: {}}
    for quad in quads:
        if quad.graph_name == _SOURCES and quad.predicate in links and isinstance(quad.object, NamedNode):
            links[quad.predicate][quad.subject] = quad.object
    passages, sources = links[_IN_PASSAGE], links[_IN_SOURCE]
    return {
        assertion: sources[passage]
        for assertion, passage in passages.items()
        if isinstance(assertion, NamedNode) and passage in sources
    }


def _by_language(triples: Iterable[Triple]) -> Iterable[Sequence[Triple]]:
    languages: dict[str | None, list[Triple]] = defaultdict(list)
    for triple in triples:
        languages[triple.object.language if isinstance(triple.object, Literal) else None].append(triple)
    return languages.values()


def _is_named(term: Term) -> TypeGuard[NamedNode]:
    return isinstance(term, NamedNode)
