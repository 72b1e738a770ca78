"""What follows: rules run over the claims until they add nothing more.

The rules are those of OWL 2 RL for the axioms of the ontology (`kg.owl_rl`) and those of the rule files.
Evaluation is semi-naive: a rule is run once over everything, and after that only for what is new, one
pattern of its body at a time (Abiteboul, Hull, Vianu: Foundations of Databases, section 13.1). What a step
adds stands in a graph of its own as well, as far as some rule has to look at it again.

Derived is what holds of the data: nothing about the terms of the ontology, nothing of a thing to itself, no
membership in owl:Thing, no literal as subject, and nothing that is stated already. The closure of the
ontology's own hierarchies is never written down; `kg.explain` names the axioms on the way.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pyoxigraph import NamedNode, QuerySolution, Store, Triple

from kg.errors import DataError, InconsistencyError
from kg.owl_rl import CLOSED, compile_rules
from kg.owl_rl.ontology import Ontology
from kg.quad_builder import in_graph
from kg.rules import RL_RULES, Rule, can_match, construct, select, show
from kg.rules.files import check_negation
from kg.terms import OWL, Term

#: So many violations of each rule are reported.
MAX_REPORTED = 20


def _check_consistency(store: Store, rules: Sequence[Rule], inferred: Iterable[Triple]) -> None:
    """That no body of a rule without head holds; the error marks which of its premises were derived."""
    broken = [(rule, premises) for rule in rules for premises in _premises(store, rule)]
    if broken:
        derived = set(inferred)
        texts = [_describe(rule, premises, derived) for rule, premises in broken]
        raise InconsistencyError(
            f"{len(texts)} contradiction{'s' * (len(texts) > 1)} between claims and ontology\n" + "\n".join(texts),
            hint=f"correct a claim or reject it by a ruling; what each rule says: {RL_RULES}",
        )


def _premises(store: Store, rule: Rule) -> list[list[Triple]]:
    solutions: Iterable[QuerySolution] = store.query(select(rule, {}, MAX_REPORTED))  # type: ignore[assignment]
    bindings = ({v: solution[v.value] for p in rule.patterns for v in p.variables} for solution in solutions)
    return sorted(([pattern.bind(b).triple() for pattern in rule.patterns] for b in bindings), key=str)


def _describe(rule: Rule, premises: Sequence[Triple], inferred: Container[Triple]) -> str:
    """One contradiction: what is forbidden, and each premise on a line of its own."""
    axioms = "; ".join(axiom.text for axiom in rule.axioms)
    lines = [f"  {rule.name}: {rule.summary}{': ' + axioms if axioms else ''}"]
    for triple in premises:
        lines.append(f"    {show(triple)}{' (follows)' if triple in inferred else ''}")
    return "\n".join(lines)


#: More rounds than any hierarchy is deep: rules that need more create new names for ever.
MAX_ROUNDS = 200


@dataclass(frozen=True)
class Inference:
    """What reasoning adds.

    :param triples: what follows and is not stated, sorted
    :param rounds: how often the rules were run
    :param counts: how many triples each rule added first, by its name
    """

    triples: list[Triple]
    rounds: int
    counts: dict[str, int]


def materialise(triples: Iterable[Triple], ontology: Iterable[Triple], rules: Sequence[Rule] = ()) -> Inference:
    """Everything that follows from claims by OWL 2 RL and by rules.

    :param triples: the accepted claims and the registry
    :param ontology: the ontology and the concept schemes: axioms, and facts that rules may use
    :param rules: the rules of files (`kg.rules.files.read_rules`)
    :raises InconsistencyError: if they contradict each other
    :raises DataError: if the ontology uses what is not supported, or the rules do not terminate
    """
    known = list(ontology)
    compiled = [*compile_rules(known), *rules]
    check_negation(compiled)
    store = Store()
    store.bulk_extend(in_graph((*known, *triples)))
    _refuse_same(store)
    engine = _Engine(store, [rule for rule in compiled if rule.head], Ontology(known).schema())
    rounds = engine.run()
    _check_consistency(store, [rule for rule in compiled if not rule.head], engine.inferred)
    inferred = (triple for triple in engine.inferred if triple.subject != triple.object)
    return Inference(sorted(inferred, key=str), rounds, dict(sorted(engine.counts.items())))


def _refuse_same(store: Store) -> None:
    for quad in store.quads_for_pattern(None, OWL.sameAs, None):
        raise DataError(
            f"{quad.subject} owl:sameAs {quad.object}: two names for one thing are not reasoned with",
            hint="keep one name; link to other datasets by skos:exactMatch",
        )


@dataclass
class _Delta:
    """What one step added, as far as a rule still has to see it."""

    graph: NamedNode
    stratum: int
    keys: set[str] = field(default_factory=set)


class _Engine:
    """The rules, the store they work in, and how far each stratum has seen what the others added."""

    def __init__(self, store: Store, rules: Sequence[Rule], schema: set[Term]) -> None:
        self.inferred: list[Triple] = []
        self.counts: Counter[str] = Counter()
        self._store = store
        self._schema = schema
        self._strata = [(at, list(members)) for at, members in groupby(rules, lambda rule: rule.stratum)]
        self._wanted = {at: {k for r in rules for keys in r.keys.values() for k in keys} for at, rules in self._strata}
        self._seen: dict[int, int] = {}
        self._deltas: list[_Delta] = []

    def run(self) -> int:
        """Go through the strata until none has anything new to see; returns the number of rounds."""
        for rounds in range(1, MAX_ROUNDS):
            before = len(self._deltas)
            for stratum, rules in self._strata:
                self._step(stratum, rules)
            if not any(delta.keys for delta in self._deltas[before:]):
                return rounds
        raise DataError(
            f"the rules still derive something new after {MAX_ROUNDS} rounds",
            hint="a rule that creates a name from a name it created never ends",
        )

    def _step(self, stratum: int, rules: Sequence[Rule]) -> None:
        """Run each rule of a stratum on what it has not seen; the first time that is everything."""
        first = stratum not in self._seen
        unseen = self._deltas[self._seen.get(stratum, 0) :]
        self._seen[stratum] = len(self._deltas)
        delta = _Delta(NamedNode(f"urn:delta:{len(self._deltas)}"), stratum)
        self._deltas.append(delta)
        for rule in rules:
            for query in [construct(rule)] if first else self._on_deltas(rule, unseen):
                self._add(rule, self._store.query(query), delta)  # type: ignore[arg-type]

    def _on_deltas(self, rule: Rule, deltas: Sequence[_Delta]) -> Iterator[str]:
        for delta in deltas:
            own = delta.stratum == rule.stratum and rule.stratum in CLOSED
            for position, keys in rule.keys.items():
                if not own and any(can_match(key, new) for key in keys for new in delta.keys):
                    yield construct(rule, (position, delta.graph))

    def _add(self, rule: Rule, triples: Iterable[Triple], delta: _Delta) -> None:
        """Put new triples into the store, and into the delta where a rule will look for them there."""
        new = [triple for triple in dict.fromkeys(triples) if triple.subject not in self._schema]
        if not new or rule.head is None:
            return
        self.inferred += new
        self.counts[rule.name] += len(new)
        self._store.extend(in_graph(new))
        if self._is_awaited(rule.head.key, delta.stratum):
            delta.keys.add(rule.head.key)
            self._store.extend(in_graph(new, delta.graph))

    def _is_awaited(self, key: str, stratum: int) -> bool:
        """Whether a rule that has already run once matches triples of this key."""
        return any(
            can_match(wanted, key)
            for other in self._seen
            if other != stratum or stratum not in CLOSED
            for wanted in self._wanted[other]
        )
