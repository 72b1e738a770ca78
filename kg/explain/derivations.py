"""The ways in which a triple of a snapshot can be derived in one step.

The rules are read from the snapshot itself, the axioms in ``graph:ontology`` and the rule files in
``graph:queries``. The head of a rule is unified with the triple and its body run as SELECT; each answer is
one way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QuerySolution, Store, Triple, Variable

from kg.explain.periods import period_ways, support_steps
from kg.explain.proof import Proof, step
from kg.graph import nodes
from kg.origins import rewrite_chain
from kg.owl_rl import compile_rules
from kg.owl_rl.ontology import Ontology
from kg.rules import RL_RULES, Bindings, Pattern, Rule, TermOrVariable, can_match, select
from kg.rules.files import stored_rules
from kg.terms import AIP, GRAPH, RDF, Term, is_assertion
from kg.values import date_bounds

#: The number of ways to derive a triple by one rule that are tried.
MAX_WAYS = 50
#: Where premises may stand.
_GRAPHS: list[NamedNode | BlankNode | DefaultGraph] = [
    *(GRAPH.accepted, GRAPH.inferred, GRAPH.ontology, GRAPH.registry, GRAPH.editorial, GRAPH.concepts)
]
#: Where dates may stand that have a first and a last day.
_DATED = {GRAPH.accepted, GRAPH.inferred, GRAPH.sources, GRAPH.coverage}


class Derivations:
    """The rules of a snapshot, compiled once.

    :param rules: the rules of files, where the snapshot does not hold them
    """

    def __init__(self, store: Store, rules: Sequence[Rule] | None = None) -> None:
        self._store = store
        axioms = [quad.triple for quad in store.quads_for_pattern(None, None, None, GRAPH.ontology)]
        self._ontology = Ontology(axioms)
        files = stored_rules(store) if rules is None else rules
        self._rules = [rule for rule in (*compile_rules(axioms), *files) if rule.head]

    def ways(self, triple: Triple, fold: bool = False) -> Iterator[Proof]:
        """The ways to derive a triple, as proofs whose premises are not proved yet.

        :param fold: also by premises that relate a thing to itself and so were not written down
        """
        yield from self._date_bounds(triple)
        yield from self._origin(triple)
        yield from period_ways(self._store, triple)
        yield from support_steps(self._store, triple)
        key = Pattern(triple.subject, triple.predicate, triple.object).key
        for rule in self._rules:
            if rule.head and can_match(rule.head.key, key):
                yield from self._applications(rule, None, triple)
                for folded, hidden in _foldings(rule) if fold else ():
                    yield from self._applications(folded, hidden, triple)

    def _applications(self, rule: Rule, hidden: Pattern | None, triple: Triple) -> Iterator[Proof]:
        """The ways to derive a triple by one rule; ``hidden`` is a premise that need not be in the store."""
        bindings = rule.head.match(triple) if rule.head else None
        if bindings is None:
            return
        answers = self._store.query(select(rule, bindings, MAX_WAYS), default_graph=_GRAPHS)
        for answer in cast("Iterable[QuerySolution]", answers):
            premises = _premises(rule, hidden, answer, bindings)
            if premises is not None and triple not in premises:
                steps = tuple(Proof(premise, "", "") for premise in premises)
                link = None if rule.source else RL_RULES
                yield Proof(triple, rule.name, rule.summary, steps, rule.axioms, (), rule.label, rule.also, link)

    def _date_bounds(self, triple: Triple) -> Iterator[Proof]:
        """The dates of which a triple states the first or the last day."""
        ends = ((AIP.earliestProperty, "first"), (AIP.latestProperty, "last"))
        for end, (predicate, day) in enumerate(ends):
            for dated, bound in self._ontology.pairs(predicate):
                if bound == triple.predicate:
                    axioms = (self._ontology.axiom(dated, predicate, bound),)
                    for date in self._dates(triple, dated, end):
                        summary = f"derived from the date literal: its {day} day"
                        yield step(triple, "date-bound", summary, [date], axioms)

    def _origin(self, triple: Triple) -> Iterator[Proof]:
        """The chain of rewrites of which a triple states the root, or the source whose root an assertion has."""
        if triple.predicate != AIP.origin or not isinstance(triple.subject, NamedNode):
            return
        summary, premises = "the source at the root of what it rewrites, or itself", self._rewrites(triple)
        if is_assertion(triple.subject):
            summary, premises = "the origin of its source", self._source(triple)
        if premises:
            yield step(triple, "origin", summary, premises)

    def _rewrites(self, triple: Triple) -> list[Triple]:
        """What leads from a source to its origin."""
        source = cast("NamedNode", triple.subject)
        chain = rewrite_chain(source, self._rewritten)
        steps = [Triple(later, AIP.rewrites, earlier) for later, earlier in pairwise(chain)]
        return (steps or [Triple(source, RDF.type, AIP.Source)]) if chain[-1] == triple.object else []

    def _source(self, triple: Triple) -> list[Triple]:
        """What leads from an assertion to the origin of its source."""
        assertion = cast("NamedNode", triple.subject)
        for passage in nodes(self._store, assertion, AIP.inPassage, GRAPH.sources):
            for source in nodes(self._store, passage, AIP.inSource, GRAPH.sources):
                if rewrite_chain(source, self._rewritten)[-1] == triple.object:
                    links = [Triple(assertion, AIP.inPassage, passage), Triple(passage, AIP.inSource, source)]
                    return [*links, Triple(source, AIP.origin, triple.object)]
        return []

    def _rewritten(self, source: NamedNode) -> NamedNode | None:
        return next(iter(nodes(self._store, source, AIP.rewrites, GRAPH.sources)), None)

    def _dates(self, triple: Triple, dated: Term, end: int) -> list[Triple]:
        """The values of a date property whose first (0) or last (1) day is that of a triple."""
        quads = self._store.quads_for_pattern(triple.subject, cast("NamedNode", dated), None, None)
        dates = {quad.triple: date_bounds(quad.object) for quad in quads if quad.graph_name in _DATED}
        day = getattr(triple.object, "value", None)
        return sorted((date for date, days in dates.items() if days and days[end].isoformat() == day), key=str)


def _foldings(rule: Rule) -> Iterator[tuple[Rule, Pattern]]:
    """A rule with both ends of one pattern made one, and that pattern: it need not stand in the store."""
    for pattern in rule.patterns:
        start, end = pattern.subject, pattern.object
        one = {end: start} if isinstance(end, Variable) else {start: end} if isinstance(start, Variable) else None
        if one is not None and rule.head and pattern.predicate != RDF.type:
            body = tuple(element.bind(one) for element in rule.body if element != pattern)
            optional = tuple(element.bind(one) for element in rule.optional)
            yield replace(rule, head=rule.head.bind(one), body=body, optional=optional), pattern.bind(one)


def _premises(rule: Rule, hidden: Pattern | None, answer: QuerySolution, bindings: Bindings) -> list[Triple] | None:
    """What the body of a rule matched, or ``None`` if a clause gave the head another value than the triple has."""
    needed = (*rule.patterns, *([hidden] if hidden else []))
    names = {v for pattern in (*needed, *rule.optional) for v in pattern.variables}
    names |= {v for clause in rule.clauses for v in clause.assigned}
    known: dict[Variable, TermOrVariable] = dict(bindings)
    for variable in names:
        value = _value(answer, variable)
        if value is not None and known.setdefault(variable, value) != value:
            return None
    if any(not pattern.variables <= set(known) for pattern in needed):
        return None
    triples = (p.bind(known).triple() for p in (*needed, *rule.optional) if p.variables <= set(known))
    return list(dict.fromkeys(triples))


def _value(answer: QuerySolution, variable: Variable) -> Term | None:
    try:
        return cast("Term | None", answer[variable])
    except KeyError:  # it was replaced by its value before the query was run
        return None
