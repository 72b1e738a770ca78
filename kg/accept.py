"""Decides which claims the graph stands behind: all that no ruling rejects, each single value once.

Where sources differ on a single value and no ruling says which to follow, nothing is accepted of it
and the disagreement is reported with both values, who claims them, and a ruling to paste.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pyoxigraph import NamedNode, Quad, Triple

from kg.errors import DisagreementError
from kg.groups import grouped
from kg.namespaces import shorten
from kg.rulings import Statement, draft_ruling, read_rulings
from kg.terms import GRAPH, RDF, RDFS, Term, is_assertion
from kg.values import agrees, settle, value_key, written
from kg.vocabulary import Vocabulary

MAX_CITED = 3
"""Sources named for each value of a disagreement; the others are counted."""


@dataclass(frozen=True)
class RivalValue:
    """One of the values on which sources differ, and where it is claimed.

    :param graphs: the assertions that claim it, each named after its source, or graph:registry
    """

    value: Term
    graphs: tuple[NamedNode, ...]

    def __str__(self) -> str:
        by_source = {
            name.rpartition(".")[0] or name: name for name in (shorten(g.value) for g in reversed(self.graphs))
        }
        names = sorted(by_source.values())
        more = f" and {len(names) - MAX_CITED} more" if len(names) > MAX_CITED else ""
        return f"{written(self.value)} ({', '.join(names[:MAX_CITED])}{more})"


@dataclass(frozen=True)
class Disagreement:
    """Two or more values of what has one, without a ruling."""

    subject: NamedNode
    property: NamedNode
    values: tuple[RivalValue, ...]

    def __str__(self) -> str:
        values = "; ".join(map(str, self.values))
        return f"sources disagree on {shorten(self.property.value)} of {shorten(self.subject.value)}: {values}"

    def ruling(self, today: date) -> str:
        """A ruling to paste into data/rulings.ttl: it upholds the first value and lacks the reason."""
        return draft_ruling(self.subject, self.property, [value.value for value in self.values], today)


@dataclass(frozen=True)
class Acceptance:
    """What is decided about every triple of registry, editorial and assertions.

    :param accepted: what the graph stands behind, without inferences
    :param rejected: what a ruling rejects, by value or with its node, and that ruling
    :param disputed: values and nodes of which a ruling says that nothing is settled, and that ruling
    :param refined: dates that another refines and numbers written otherwise, and what stands for each
    :param compatible: values that a ruling lets stand beside each other, and that ruling
    :param disagreements: what needs a ruling; its triples are in none of the others
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
            count = len(self.disagreements)
            message = f"no ruling decides {'this disagreement' if count == 1 else f'these {count} disagreements'}"
            drafts = "\n\n".join(disagreement.ruling(today) for disagreement in self.disagreements)
            hint = "add a ruling to data/rulings.ttl: say which value to follow and why, or that it is unresolved"
            raise DisagreementError(message, self.disagreements, hint=f"{hint}\n\n{drafts}")


def accept(quads: Iterable[Quad], vocabulary: Vocabulary) -> Acceptance:
    """Applies the rulings to the claims and lists the disagreements that have none.

    :param quads: of all files of the data
    :param vocabulary: says of what a thing has one value at most
    """
    return _Builder(list(quads), vocabulary).build()


class _Builder:
    """Builds an acceptance, statement by statement."""

    def __init__(self, quads: Sequence[Quad], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.rulings = read_rulings(quads)
        self.graphs_by_triple = _graphs_by_triple(quads)
        self.result = Acceptance()
        self.disagreements: list[Disagreement] = []
        self.types: dict[Term, set[NamedNode]] = defaultdict(set)

    def build(self) -> Acceptance:
        statements: dict[Statement, list[Triple]] = defaultdict(list)
        for triple in self.graphs_by_triple:
            if not self._is_rejected(triple):
                statements[triple.subject, triple.predicate].append(triple)
                if triple.predicate == RDF.type and isinstance(triple.object, NamedNode):
                    self.types[triple.subject].add(triple.object)
        for statement, triples in statements.items():
            self._decide(statement, triples)
        ordered = sorted(self.disagreements, key=lambda each: (each.subject.value, each.property.value))
        return replace(self.result, disagreements=tuple(ordered))

    def _is_rejected(self, triple: Triple) -> bool:
        """Whether a ruling rejects a triple, by its value or with one of its nodes."""
        nodes = self.rulings.nodes
        ruling = nodes.get(triple.subject) or nodes.get(triple.object)
        if ruling is None and self.rulings.rejected:
            ruling = self.rulings.rejected.get((triple.subject, triple.predicate, value_key(triple.object)))
        if ruling is not None:
            decided = self.result.disputed if ruling in self.rulings.undecided else self.result.rejected
            decided[triple] = ruling
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
        if property_ == RDF.type:
            return self._rival_types(triples)
        if property_ == RDFS.label:
            return grouped((getattr(triple.object, "language", None), triple) for triple in triples).values()
        if property_ in self.vocabulary.single_of(self.types.get(subject, ())):
            return [triples]
        return [[triple] for triple in triples]

    def _rival_types(self, triples: Sequence[Triple]) -> Iterable[Sequence[Triple]]:
        """Types of which neither is a kind of the other are rivals; what lies above another is not."""
        types = [triple.object for triple in triples if isinstance(triple.object, NamedNode)]
        general = frozenset().union(*(self.vocabulary.ancestors([type_]) - {type_} for type_ in types))
        return [[t for t in triples if t.object not in general], *([t] for t in triples if t.object in general)]

    def _settle(self, statement: Statement, rivals: Mapping[Term, Triple]) -> None:
        """Accepts one of the rivals, or those that a ruling calls compatible; else reports a disagreement."""
        compatible = self._compatible(statement, rivals)
        different, superseded = settle(value for value in rivals if value not in compatible)
        superseded |= {value: better for value in different for better in compatible if agrees(better, value)}
        remaining = [value for value in different if value not in superseded]
        if len(remaining) > (0 if compatible else 1):
            self._report(statement, [*compatible, *remaining])
            return
        self.result.accepted.update(rivals[value] for value in (*compatible, *remaining))
        self.result.compatible.update({rivals[value]: ruling for value, ruling in compatible.items()})
        final = {value: superseded.get(better, better) for value, better in superseded.items()}
        self.result.refined.update({rivals[value]: rivals[better] for value, better in final.items()})

    def _compatible(self, statement: Statement, values: Iterable[Term]) -> dict[Term, NamedNode]:
        """The values that a ruling lets stand, each once, and that ruling."""
        by_key: dict[Hashable, tuple[Term, NamedNode]] = {}
        for value in sorted(values, key=str):
            ruling = self.rulings.compatible.get((*statement, value_key(value)))
            if ruling is not None:
                by_key.setdefault(value_key(value), (value, ruling))
        return dict(by_key.values())

    def _report(self, statement: Statement, values: Iterable[Term]) -> None:
        subject, property_ = statement
        if isinstance(subject, NamedNode) and isinstance(property_, NamedNode):
            graphs = {value: self.graphs_by_triple[Triple(subject, property_, value)] for value in values}
            rivals = (RivalValue(value, tuple(sorted(names, key=str))) for value, names in graphs.items())
            self.disagreements.append(Disagreement(subject, property_, tuple(rivals)))


def _graphs_by_triple(quads: Iterable[Quad]) -> dict[Triple, set[NamedNode]]:
    """The triples of registry, editorial and assertions, and the graphs that hold each."""
    graphs: dict[Triple, set[NamedNode]] = defaultdict(set)
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode) and (is_assertion(graph) or graph in (GRAPH.registry, GRAPH.editorial)):
            graphs[quad.triple].add(graph)
    return graphs
