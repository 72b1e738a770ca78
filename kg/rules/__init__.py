"""Rules: what they are made of, and the queries they are run by.

A rule says: where the body holds, the head holds. A rule without a head is a contradiction.
The rules of OWL 2 RL are compiled from the ontology (`kg.owl_rl`), others are read from files (`kg.rules.files`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple, Variable

from kg.namespaces import shorten
from kg.terms import RDF, Term

TermOrVariable = Term | Variable
Bindings = Mapping[Variable, TermOrVariable]

#: Where the rules of OWL 2 RL are written down; their names (cax-sco, prp-dom …) are those of its tables.
RL_RULES = "https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules"
#: The order in which rules run; what a stratum adds is seen by the later ones in the same round.
SUBPROPERTIES, PROPERTIES, DOMAINS, CLASSES, SUBCLASSES, FILES = range(6)

_TERM = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|<[^<>\s]*>|\?\w+")
_ALIAS = re.compile(r"\bAS\s+\?(\w+)", re.IGNORECASE)


class Pattern(NamedTuple):
    """A triple pattern."""

    subject: TermOrVariable
    predicate: TermOrVariable
    object: TermOrVariable

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."

    @property
    def variables(self) -> set[Variable]:
        """The variables in it."""
        return {term for term in self if isinstance(term, Variable)}

    @property
    def key(self) -> str:
        """What triples it can match: the predicate, for types the class; ``*`` stands for any."""
        if isinstance(self.predicate, Variable):
            return "*"
        if self.predicate != RDF.type:
            return str(self.predicate)
        return "a *" if isinstance(self.object, Variable) else f"a {self.object}"

    def bind(self, bindings: Bindings) -> Pattern:
        """The pattern with its bound variables replaced."""
        return Pattern(*(bindings.get(term, term) if isinstance(term, Variable) else term for term in self))

    def match(self, triple: Triple) -> dict[Variable, Term] | None:
        """The bindings under which the pattern is the triple, or ``None``."""
        bindings: dict[Variable, Term] = {}
        for own, term in zip(self, (triple.subject, triple.predicate, triple.object), strict=True):
            if bindings.setdefault(own, term) != term if isinstance(own, Variable) else own != term:
                return None
        return bindings

    def triple(self) -> Triple:
        """The triple that a pattern without variables is."""
        return Triple(*self)  # type: ignore[arg-type]


class Clause(NamedTuple):
    """A FILTER, BIND or VALUES clause, with all names in full."""

    text: str

    def __str__(self) -> str:
        return self.text

    def bind(self, bindings: Bindings) -> Clause:
        """The clause with its bound variables replaced."""
        terms = {str(variable): str(term) for variable, term in bindings.items()}
        return Clause(_TERM.sub(lambda match: terms.get(match[0], match[0]), self.text))

    @property
    def assigned(self) -> set[Variable]:
        """The variables that the clause gives a value: no value can be put in their place."""
        values = self.text.upper().startswith("VALUES")
        names = re.findall(r"\?(\w+)", self.text.partition("{")[0]) if values else _ALIAS.findall(self.text)
        return set(map(Variable, names))


class Axiom(NamedTuple):
    """An axiom of the ontology: its triple, and the axiom in Manchester syntax."""

    triple: Triple
    text: str


@dataclass(frozen=True)
class Rule:
    """One rule.

    :param name: its name in the tables of OWL 2 RL, or the name of its file
    :param summary: what it means, one sentence
    :param head: what holds, or ``None`` if the body must never hold
    :param body: patterns and clauses that must hold
    :param axioms: the axioms it was compiled from
    :param also: further rules of OWL 2 RL that were folded into it
    :param stratum: rules run in the order of their strata
    :param label: what to call it
    :param source: the text of the file it comes from
    :param optional: patterns that need not hold; they are premises where they do
    :param negated: patterns that must not hold
    """

    name: str
    summary: str
    head: Pattern | None
    body: tuple[Pattern | Clause, ...]
    axioms: tuple[Axiom, ...] = ()
    also: tuple[str, ...] = ()
    stratum: int = 0
    label: str = ""
    source: str = field(default="", compare=False)
    optional: tuple[Pattern, ...] = ()
    negated: tuple[Pattern, ...] = ()

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The triple patterns of the body."""
        return tuple(element for element in self.body if isinstance(element, Pattern))

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The other clauses of the body."""
        return tuple(element for element in self.body if isinstance(element, Clause))

    @property
    def keys(self) -> dict[int, set[str]]:
        """What triples each pattern of the body can match, by the position of the pattern."""
        return {at: self._keys(e) for at, e in enumerate(self.body) if isinstance(e, Pattern)}

    def _keys(self, pattern: Pattern) -> set[str]:
        """The key of a pattern; where VALUES lists the classes it can match, one for each of them."""
        for clause in self.clauses:
            words = clause.text.split()
            if pattern.key == "a *" and words[:3] == ["VALUES", str(pattern.object), "{"]:
                return {f"a {word}" for word in words[3:-1]}
        return {pattern.key}

    def with_head(self, head: Pattern) -> Rule:
        """The same rule for another head."""
        return replace(self, head=head)

    def __str__(self) -> str:
        return f"{self.head or 'false'} :- {' '.join(map(str, self.body))}"


def show(triple: Triple) -> str:
    """A triple with short names."""
    parts = (triple.subject, triple.predicate, triple.object)
    return " ".join(shorten(part.value) if isinstance(part, NamedNode) else str(part) for part in parts)


def can_match(body_key: str, head_key: str) -> bool:
    """Whether a triple of one key can be matched by a pattern of the other."""
    if body_key == head_key or "*" in (body_key, head_key):
        return True
    return "a *" in (body_key, head_key) and body_key.startswith("a ") and head_key.startswith("a ")


def construct(rule: Rule, delta: tuple[int, NamedNode] | None = None) -> str:
    """The CONSTRUCT query for what a rule adds.

    :param delta: one pattern of the body, by its position, and the graph to match it in
    """
    body = " ".join(_delta_first(rule, *delta) if delta else map(str, rule.body))
    return f"CONSTRUCT {{ {rule.head} }} WHERE {{ {body} FILTER NOT EXISTS {{ {rule.head} }} }}"


def select(rule: Rule, bindings: Bindings, limit: int) -> str:
    """The SELECT query for the ways in which a body holds under some bindings."""
    free = set().union(*(clause.assigned for clause in rule.clauses))
    fixed = {variable: term for variable, term in bindings.items() if variable not in free}
    return f"SELECT * WHERE {{ {' '.join(str(element.bind(fixed)) for element in rule.body)} }} LIMIT {limit}"


def _delta_first(rule: Rule, position: int, graph: NamedNode) -> Iterator[str]:
    """The body with one pattern in a graph. That pattern comes first and each other one joins on,
    for so the engine joins them; what needs the value of a clause keeps its place.
    """
    assigned: set[Variable] = set().union(*(c.assigned for c in rule.clauses if c.text.upper().startswith("BIND")))
    free = [e for e in rule.body if isinstance(e, Pattern) and not e.variables & assigned]
    chosen = rule.body[position]
    wrapped = f"GRAPH {graph} {{ {chosen} }}"
    if chosen in free:
        free.remove(chosen)
        yield wrapped
        yield from map(str, _connected(chosen.variables, free))
        yield from (str(e) for e in rule.body if isinstance(e, Clause) or e.variables & assigned)
    else:
        yield from (wrapped if at == position else str(element) for at, element in enumerate(rule.body))


def _connected(bound: set[Variable], patterns: Iterable[Pattern]) -> Iterator[Pattern]:
    """Patterns in an order in which each shares a variable with those before it, where there is one."""
    rest = list(patterns)
    known = set(bound)
    while rest:
        following = next((pattern for pattern in rest if pattern.variables & known), rest[0])
        rest.remove(following)
        known |= following.variables
        yield following
