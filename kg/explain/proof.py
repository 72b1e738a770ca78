"""Proofs: why a triple holds, down to claims, the registry or an axiom, and how a proof reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Store, Triple

from kg.evidence import Citation
from kg.graph import label
from kg.namespaces import local_name, shorten
from kg.rules import Axiom
from kg.terms import Term

MAX_CITED = 3
"""Passages of one claim shown in full; the others are counted."""


@dataclass(frozen=True)
class Proof:
    """A triple and what it rests on.

    :param conclusion: what is proved
    :param rule: name of the rule: in OWL 2 RL, of a rule file, or ``date-bound``; of a leaf where it stands:
        ``claim``, ``registry``, ``editorial``, ``ontology``, ``concepts`` and so on
    :param summary: what the rule means, or what kind of leaf it is
    :param premises: the proofs of what the rule was applied to; none at a leaf
    :param axioms: the axioms of the ontology that the rule reads
    :param citations: where it is claimed, if it is a claim
    :param label: what to call the rule
    :param also: further rules of OWL 2 RL that the step contains
    :param link: where the rule is written down
    """

    conclusion: Triple
    rule: str
    summary: str
    premises: tuple[Proof, ...] = ()
    axioms: tuple[Axiom, ...] = ()
    citations: tuple[Citation, ...] = ()
    label: str = ""
    also: tuple[str, ...] = ()
    link: str | None = None

    @property
    def depth(self) -> int:
        """How many steps stand above one another; 0 at a leaf."""
        return 1 + max((premise.depth for premise in self.premises), default=0) if self.derived else 0

    @property
    def derived(self) -> bool:
        """Whether a rule was applied; a leaf is stated somewhere."""
        return bool(self.premises or self.axioms)

    def leaves(self) -> Iterator[Proof]:
        """What the proof rests on in the end."""
        for premise in self.premises:
            yield from premise.leaves()
        if not self.derived:
            yield self


def step(
    conclusion: Triple, rule: str, summary: str, premises: Iterable[Triple], axioms: tuple[Axiom, ...] = ()
) -> Proof:
    """A proof whose premises are not proved yet."""
    return Proof(conclusion, rule, summary, tuple(Proof(p, "", "") for p in premises if p != conclusion), axioms)


def render(proof: Proof, store: Store | None = None, language: str = "en") -> list[tuple[int, str]]:
    """A proof as lines of text, each with its depth: conclusion first, what it rests on below.

    :param store: the snapshot, for names instead of IRIs
    :param language: the language of the names
    """
    return list(_Renderer(store, language).lines(proof, 0))


@dataclass
class _Renderer:
    """Turns proofs into lines; a passage is given in full once, and by its place after that."""

    store: Store | None
    language: str
    shown: set[str] = field(default_factory=set)

    def lines(self, proof: Proof, depth: int) -> Iterator[tuple[int, str]]:
        triple = proof.conclusion
        words = (self._name(term) for term in (triple.subject, triple.predicate, triple.object))
        rule = f"{proof.label} ({proof.rule})" if proof.label else proof.rule
        yield depth, f"{' · '.join(words)}  [{rule}: {proof.summary}]"
        for axiom in proof.axioms:
            yield depth + 1, f"axiom: {axiom.text}"
        yield from ((depth + 1, line) for line in self._citations(proof.citations))
        for premise in proof.premises:
            yield from self.lines(premise, depth + 1)

    def _name(self, term: Term) -> str:
        if self.store is not None:
            return label(self.store, term, self.language)
        return shorten(term.value) if isinstance(term, NamedNode) else str(term)

    def _citations(self, citations: Sequence[Citation]) -> Iterator[str]:
        """The passages of a claim: those that were not shown yet in full, as many as `MAX_CITED`."""
        new = [citation for citation in citations if citation.assertion not in self.shown]
        known = [citation for citation in citations if citation.assertion in self.shown]
        self.shown |= {citation.assertion for citation in new}
        yield from map(self._cited, new[:MAX_CITED])
        if len(new) > MAX_CITED:
            yield f"and {len(new) - MAX_CITED} more passages"
        if len(known) == 1:
            yield f"“{known[0].title}”, {known[0].locator}, as above"
        elif known:
            yield f"{len(known)} passages, as above"

    def _cited(self, citation: Citation) -> str:
        who = self._name(NamedNode(citation.publisher)) if citation.publisher else "unknown publisher"
        hedge, confidence = (local_name(name).partition("-")[2] for name in (citation.hedge, citation.confidence))
        where = f"“{citation.title}”, {who}, {citation.issued or 'undated'}, {citation.locator}:"
        certainty = f"({hedge}; confidence {confidence})" if hedge and confidence else ""
        return " ".join(part for part in (where, citation.paraphrase, certainty, citation.url) if part)
