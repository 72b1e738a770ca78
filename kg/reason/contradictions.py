"""Contradictions between claims and ontology: how they are detected and reported."""

from collections.abc import Container, Iterable, Sequence

from pyoxigraph import QuerySolution, Store, Triple

from kg.errors import InconsistencyError
from kg.rules import RL_RULES, Rule, select, show

#: So many violations of each rule are reported.
MAX_REPORTED = 20


def check_consistency(store: Store, rules: Sequence[Rule], inferred: Iterable[Triple]) -> None:
    """That no body of a rule without head holds.

    :param store: claims and what follows from them
    :param inferred: which of them were derived; they are marked in the message
    :raises InconsistencyError: names the things, the rule, the axiom and the premises of each contradiction
    """
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
