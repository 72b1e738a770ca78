"""The axioms of an ontology, indexed: values, lists, class expressions and how they read."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg.groups import grouped
from kg.namespaces import shorten
from kg.rules import Axiom
from kg.terms import OWL, RDF, RDFS, XSD, Term

_INDIVIDUAL = {OWL.NamedIndividual, OWL.Thing}
#: Axioms between two terms, and what stands at either end of them.
_AXIOM_PROPERTIES = (
    *(RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.allValuesFrom, OWL.complementOf),
    *(OWL.disjointWith, OWL.equivalentClass, OWL.equivalentProperty, OWL.inverseOf, OWL.onProperty),
    *(OWL.propertyDisjointWith, OWL.someValuesFrom),
)
_LISTS_OF_TERMS = (OWL.intersectionOf, OWL.unionOf, OWL.members, OWL.propertyChainAxiom)
_READS = {
    RDFS.subClassOf: "SubClassOf",
    RDFS.subPropertyOf: "SubPropertyOf",
    OWL.equivalentClass: "EquivalentTo",
    OWL.equivalentProperty: "EquivalentTo",
    OWL.disjointWith: "DisjointWith",
    OWL.propertyDisjointWith: "DisjointWith",
    OWL.inverseOf: "InverseOf",
    RDFS.domain: "Domain",
    RDFS.range: "Range",
    RDF.type: "Type",
    OWL.complementOf: "EquivalentTo not",
}
_JOINED = {
    OWL.intersectionOf: " and ",
    OWL.unionOf: " or ",
    OWL.members: ", ",
    OWL.oneOf: ", ",
    OWL.propertyChainAxiom: " o ",
}
_RESTRICTIONS = {OWL.someValuesFrom: "some", OWL.allValuesFrom: "only", OWL.hasValue: "value"}


class Ontology:
    """Triples of an ontology, looked up by subject and predicate; answers keep the order of the file."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        triples = dict.fromkeys(triples)
        self._values: dict[tuple[Term, NamedNode], list[Term]] = grouped(
            ((t.subject, t.predicate), t.object) for t in triples
        )
        self._pairs: dict[NamedNode, list[tuple[Term, Term]]] = grouped(
            (t.predicate, (t.subject, t.object)) for t in triples
        )

    def values(self, subject: Term, predicate: NamedNode) -> list[Term]:
        """The values of a property."""
        return self._values.get((subject, predicate), [])

    def value(self, subject: Term, predicate: NamedNode) -> Term | None:
        """The first value of a property, if it has one."""
        return next(iter(self.values(subject, predicate)), None)

    def pairs(self, predicate: NamedNode) -> list[tuple[Term, Term]]:
        """All subjects and values of a property."""
        return self._pairs.get(predicate, [])

    def instances(self, class_: NamedNode) -> list[Term]:
        """What is stated to be in a class."""
        return [subject for subject, value in self.pairs(RDF.type) if value == class_]

    def items(self, head: Term) -> list[Term]:
        """The members of an RDF list."""
        members = []
        seen = set()
        while head != RDF.nil and head not in seen:
            seen.add(head)
            members += self.values(head, RDF.first)[:1]
            head = self.value(head, RDF.rest) or RDF.nil
        return members

    def is_anonymous(self, term: Term) -> bool:
        """Whether a term is an expression: a blank node, or the IRI that was put in the place of one."""
        if not isinstance(term, NamedNode):
            return True
        return "/genid/" in term.value or self.value(term, OWL.onProperty) is not None

    def is_datatype(self, term: Term) -> bool:
        """Whether a term names or describes a datatype."""
        if term in XSD or term in (RDF.langString, RDFS.Literal, RDF.PlainLiteral, RDF.HTML):
            return True
        return RDFS.Datatype in self.values(term, RDF.type)

    def schema(self) -> set[Term]:
        """The terms that belong to the ontology itself: classes, properties, datatypes, expressions, headers.

        Individuals that an ontology describes (concepts of a scheme) are not among them.
        """
        terms: set[Term] = set()
        for subject, kind in self.pairs(RDF.type):
            if any(kind in space for space in (RDF, RDFS, OWL, XSD)) and kind not in _INDIVIDUAL:
                terms.add(subject)
        for predicate in _AXIOM_PROPERTIES:
            terms.update(term for pair in self.pairs(predicate) for term in pair)
        for predicate in _LISTS_OF_TERMS:
            for subject, value in self.pairs(predicate):
                terms.update((subject, *self.items(value)))
        terms.update(subject for (subject, _) in self._values if self.is_anonymous(subject))
        return terms

    def axiom(self, subject: Term, predicate: NamedNode, value: Term) -> Axiom:
        """An axiom with the text it reads as."""
        words = _READS.get(predicate, "EquivalentTo" if predicate in _JOINED else shorten(predicate.value))
        texts = [self.text(subject), words, self._joined(predicate, value) or self.text(value)]
        if predicate == OWL.propertyChainAxiom:
            texts = [texts[2], "SubPropertyOf", texts[0]]
        if predicate == OWL.members:
            texts = [self.text(self.value(subject, RDF.type) or subject).removeprefix("owl:"), f"({texts[2]})"]
        return Axiom(Triple(subject, predicate, value), " ".join(texts))  # type: ignore[arg-type]

    def text(self, term: Term) -> str:
        """A term or class expression in Manchester syntax."""
        if isinstance(term, Literal) or (isinstance(term, NamedNode) and not self.is_anonymous(term)):
            return shorten(term.value) if isinstance(term, NamedNode) else str(term)
        return next(self._readings(term), str(term))

    def _readings(self, term: Term) -> Iterator[str]:
        for predicate, word in _RESTRICTIONS.items():
            for value in self.values(term, predicate):
                yield f"({self.text(self.value(term, OWL.onProperty) or term)} {word} {self.text(value)})"
        for predicate in _JOINED:
            for value in self.values(term, predicate):
                yield f"({self._joined(predicate, value)})"
        for predicate, word in ((OWL.complementOf, "not"), (OWL.inverseOf, "inverse")):
            for value in self.values(term, predicate):
                yield f"({word} {self.text(value)})"
        for value in self.values(term, OWL.maxCardinality):
            prop = self.value(term, OWL.onProperty) or term
            yield f"({self.text(prop)} max {getattr(value, 'value', value)})"

    def _joined(self, predicate: NamedNode, value: Term) -> str:
        return _JOINED.get(predicate, "").join(map(self.text, self.items(value))) if predicate in _JOINED else ""
