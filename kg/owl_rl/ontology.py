"""The axioms of an ontology, indexed: values, lists, class expressions and how they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import PREFIXES, expand, shorten
from kg.rules import Axiom, Term

_STANDARD = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "xsd"))
_INDIVIDUAL = {expand("owl:NamedIndividual"), expand("owl:Thing")}
#: Axioms between two terms, and what stands at either end of them.
_AXIOM_PROPERTIES = (
    "rdfs:subClassOf",
    "rdfs:subPropertyOf",
    "rdfs:domain",
    "rdfs:range",
    "owl:allValuesFrom",
    "owl:complementOf",
    "owl:disjointWith",
    "owl:equivalentClass",
    "owl:equivalentProperty",
    "owl:inverseOf",
    "owl:onProperty",
    "owl:propertyDisjointWith",
    "owl:someValuesFrom",
)
_LISTS_OF_TERMS = ("owl:intersectionOf", "owl:unionOf", "owl:members", "owl:propertyChainAxiom")
_READS = {
    "rdfs:subClassOf": "SubClassOf",
    "rdfs:subPropertyOf": "SubPropertyOf",
    "owl:equivalentClass": "EquivalentTo",
    "owl:equivalentProperty": "EquivalentTo",
    "owl:disjointWith": "DisjointWith",
    "owl:propertyDisjointWith": "DisjointWith",
    "owl:inverseOf": "InverseOf",
    "rdfs:domain": "Domain",
    "rdfs:range": "Range",
    "rdf:type": "Type",
    "owl:complementOf": "EquivalentTo not",
}
_JOINED = {
    "owl:intersectionOf": " and ",
    "owl:unionOf": " or ",
    "owl:members": ", ",
    "owl:oneOf": ", ",
    "owl:propertyChainAxiom": " o ",
}
_RESTRICTIONS = {"owl:someValuesFrom": "some", "owl:allValuesFrom": "only", "owl:hasValue": "value"}


def node(name: str) -> NamedNode:
    """The IRI of a prefixed name."""
    return NamedNode(expand(name))


class Ontology:
    """Triples of an ontology, looked up by subject and predicate; answers keep the order of the file."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[tuple[Term, NamedNode], list[Term]] = {}
        self._pairs: dict[NamedNode, list[tuple[Term, Term]]] = {}
        for triple in dict.fromkeys(triples):
            self._values.setdefault((triple.subject, triple.predicate), []).append(triple.object)
            self._pairs.setdefault(triple.predicate, []).append((triple.subject, triple.object))

    def values(self, subject: Term, predicate: str) -> list[Term]:
        """The values of a property."""
        return self._values.get((subject, node(predicate)), [])

    def value(self, subject: Term, predicate: str) -> Term | None:
        """The first value of a property, if it has one."""
        return next(iter(self.values(subject, predicate)), None)

    def pairs(self, predicate: str) -> list[tuple[Term, Term]]:
        """All subjects and values of a property."""
        return self._pairs.get(node(predicate), [])

    def instances(self, class_name: str) -> list[Term]:
        """What is stated to be in a class."""
        return [subject for subject, value in self.pairs("rdf:type") if value == node(class_name)]

    def items(self, head: Term) -> list[Term]:
        """The members of an RDF list."""
        members = []
        seen = set()
        while head != node("rdf:nil") and head not in seen:
            seen.add(head)
            members += self.values(head, "rdf:first")[:1]
            head = self.value(head, "rdf:rest") or node("rdf:nil")
        return members

    def is_anonymous(self, term: Term) -> bool:
        """Whether a term is an expression: a blank node, or the IRI that was put in the place of one."""
        if not isinstance(term, NamedNode):
            return True
        return "/genid/" in term.value or self.value(term, "owl:onProperty") is not None

    def is_datatype(self, term: Term) -> bool:
        """Whether a term names or describes a datatype."""
        if isinstance(term, NamedNode) and (
            term.value.startswith(PREFIXES["xsd"])
            or term.value in {expand(n) for n in ("rdf:langString", "rdfs:Literal", "rdf:PlainLiteral", "rdf:HTML")}
        ):
            return True
        return node("rdfs:Datatype") in self.values(term, "rdf:type")

    def schema(self) -> set[Term]:
        """The terms that belong to the ontology itself: classes, properties, datatypes, expressions, headers.

        Individuals that an ontology describes (concepts of a scheme) are not among them.
        """
        found: set[Term] = set()
        for subject, kind in self.pairs("rdf:type"):
            if isinstance(kind, NamedNode) and kind.value.startswith(_STANDARD) and kind.value not in _INDIVIDUAL:
                found.add(subject)
        for predicate in _AXIOM_PROPERTIES:
            found.update(term for pair in self.pairs(predicate) for term in pair)
        for predicate in _LISTS_OF_TERMS:
            for subject, value in self.pairs(predicate):
                found.update((subject, *self.items(value)))
        found.update(subject for (subject, _) in self._values if self.is_anonymous(subject))
        return found

    def axiom(self, subject: Term, predicate: str, value: Term) -> Axiom:
        """An axiom with the text it reads as."""
        words = _READS.get(predicate, "EquivalentTo" if predicate in _JOINED else shorten(predicate))
        texts = [self.text(subject), words, self._joined(predicate, value) or self.text(value)]
        if predicate == "owl:propertyChainAxiom":
            texts = [texts[2], "SubPropertyOf", texts[0]]
        if predicate == "owl:members":
            texts = [
                self.text(self.value(subject, "rdf:type") or subject).removeprefix("owl:"),
                f"({texts[2]})",
            ]
        return Axiom(Triple(subject, node(predicate), value), " ".join(texts))  # type: ignore[arg-type]

    def text(self, term: Term) -> str:
        """A term or class expression in Manchester syntax."""
        if isinstance(term, Literal) or (isinstance(term, NamedNode) and not self.is_anonymous(term)):
            return shorten(term.value) if isinstance(term, NamedNode) else str(term)
        return next(self._readings(term), str(term))

    def _readings(self, term: Term) -> Iterator[str]:
        for predicate, word in _RESTRICTIONS.items():
            for value in self.values(term, predicate):
                yield f"({self.text(self.value(term, 'owl:onProperty') or term)} {word} {self.text(value)})"
        for predicate in _JOINED:
            for value in self.values(term, predicate):
                yield f"({self._joined(predicate, value)})"
        for predicate, word in (("owl:complementOf", "not"), ("owl:inverseOf", "inverse")):
            for value in self.values(term, predicate):
                yield f"({word} {self.text(value)})"
        for value in self.values(term, "owl:maxCardinality"):
            prop = self.value(term, "owl:onProperty") or term
            yield f"({self.text(prop)} max {getattr(value, 'value', value)})"

    def _joined(self, predicate: str, value: Term) -> str:
        return _JOINED.get(predicate, "").join(map(self.text, self.items(value))) if predicate in _JOINED else ""


def is_blank(term: Term) -> bool:
    """Whether a term is a blank node."""
    return isinstance(term, BlankNode)
