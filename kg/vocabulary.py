"""What the ontology lets the data say: classes, properties, concepts, keys and single values.

Read from ontology, concepts and shapes; check, accept, validate and query ask it and no file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from kg.groups import grouped
from kg.terms import AIP, EDTF, OWL, RDF, RDFS, SCHEMA, SH, SKOS, XSD, Term

Pairs = Mapping[NamedNode, list[tuple[Term, Term]]]
"""Subject and object of every triple, by predicate."""

_CLASS_KINDS = {OWL.Class, RDFS.Class}
_PROPERTY_KINDS = {
    OWL.ObjectProperty: "object",
    OWL.DatatypeProperty: "datatype",
    OWL.AnnotationProperty: "annotation",
    RDF.Property: "property",
}


@dataclass(frozen=True)
class Property:
    """A property, what it applies to and what values it takes.

    :param kind: ``object``, ``datatype``, ``annotation`` or ``property`` (not known which)
    :param domains: classes it applies to; empty for no restriction
    :param ranges: classes of its values; empty for no restriction
    :param datatypes: datatypes of its values
    :param scheme: the concept scheme its values are members of
    :param earliest: where its value is a date, the derived property of the first day
    :param latest: where its value is a date, the derived property of the last day
    """

    iri: NamedNode
    kind: str = "property"
    domains: frozenset[NamedNode] = frozenset()
    ranges: frozenset[NamedNode] = frozenset()
    datatypes: frozenset[NamedNode] = frozenset()
    scheme: NamedNode | None = None
    earliest: NamedNode | None = None
    latest: NamedNode | None = None


@dataclass(frozen=True)
class Vocabulary:
    """The ontology as the data see it.

    :param superclasses: of every class, itself and all above it
    :param terms: the types of everything that ontology and concepts describe
    :param schemes: the members of every concept scheme, in the order of their names
    :param key_templates: by class, ``"{aip:of}--{aip:stage}-{aip:ordinal}"``
    :param single: class and property of which a subject has one value at most
    :param derived: the properties that only the build may state
    """

    superclasses: Mapping[NamedNode, frozenset[NamedNode]]
    properties: Mapping[NamedNode, Property]
    terms: Mapping[NamedNode, frozenset[NamedNode]]
    schemes: Mapping[NamedNode, tuple[NamedNode, ...]]
    key_templates: Mapping[NamedNode, str]
    single: frozenset[tuple[NamedNode, NamedNode]]
    derived: frozenset[NamedNode]
    _single: dict[frozenset[NamedNode], frozenset[NamedNode]] = field(default_factory=dict, repr=False, compare=False)
    _above: dict[frozenset[NamedNode], frozenset[NamedNode]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_quads(cls, quads: Iterable[Quad]) -> Vocabulary:
        """The vocabulary that ontology, concepts and shapes define together."""
        pairs: Pairs = grouped((quad.predicate, (quad.subject, quad.object)) for quad in quads)
        return cls(
            superclasses=_superclasses(pairs),
            properties=_properties(pairs),
            terms={subject: frozenset(_names(types)) for subject, types in _grouped(pairs, RDF.type).items()},
            schemes=_schemes(pairs),
            key_templates={s: values[0].value for s, values in _grouped(pairs, AIP.keyTemplate).items()},  # type: ignore[union-attr]
            single=frozenset(_single(pairs)),
            derived=frozenset(_grouped(pairs, AIP.derived)),
        )

    @cached_property
    def classes(self) -> frozenset[NamedNode]:
        """All classes of the ontology, the borrowed ones too."""
        return frozenset(self.superclasses)

    def ancestors(self, types: Iterable[NamedNode]) -> frozenset[NamedNode]:
        """These classes and all above them; a class that is not known stands for itself."""
        key = frozenset(types)
        if key not in self._above:
            self._above[key] = frozenset().union(*(self.superclasses.get(type_, {type_}) for type_ in key))
        return self._above[key]

    def is_a(self, types: Iterable[NamedNode], classes: Iterable[NamedNode]) -> bool:
        """Whether a thing of these types belongs to one of the classes."""
        return not self.ancestors(types).isdisjoint(classes)

    def single_of(self, types: Iterable[NamedNode]) -> frozenset[NamedNode]:
        """The properties of which a thing of these types has one value at most."""
        key = frozenset(types)
        if key not in self._single:
            above = self.ancestors(key)
            self._single[key] = frozenset(property_ for class_, property_ in self.single if class_ in above)
        return self._single[key]

    def key_template(self, types: Iterable[NamedNode]) -> str | None:
        """The template from which the IRI of a thing of these types is minted, if it has a key."""
        class_ = min(self.ancestors(types) & self.key_templates.keys(), key=str, default=None)
        return self.key_templates[class_] if class_ else None


def _grouped(pairs: Pairs, predicate: NamedNode) -> dict[NamedNode, list[Term]]:
    """The values of a property by subject; what blank nodes say is left out."""
    return grouped((subject, value) for subject, value in pairs.get(predicate, ()) if isinstance(subject, NamedNode))


def _names(terms: Iterable[Term]) -> Iterator[NamedNode]:
    return (term for term in terms if isinstance(term, NamedNode))


def _superclasses(pairs: Pairs) -> dict[NamedNode, frozenset[NamedNode]]:
    above = _grouped(pairs, RDFS.subClassOf)
    declared = {s for s, types in _grouped(pairs, RDF.type).items() if not _CLASS_KINDS.isdisjoint(types)}

    def climb(class_: NamedNode, seen: set[NamedNode]) -> set[NamedNode]:
        seen.add(class_)
        for parent in _names(above.get(class_, [])):
            if parent not in seen:
                climb(parent, seen)
        return seen

    return {class_: frozenset(climb(class_, set())) for class_ in declared}


def _properties(pairs: Pairs) -> dict[NamedNode, Property]:
    domains = _grouped(pairs, SCHEMA.domainIncludes)
    ranges = _grouped(pairs, SCHEMA.rangeIncludes)
    scheme, earliest, latest = (
        {subject: next(_names(values), None) for subject, values in _grouped(pairs, predicate).items()}
        for predicate in (AIP.conceptScheme, AIP.earliestProperty, AIP.latestProperty)
    )
    kinds = {
        subject: _PROPERTY_KINDS[type_]
        for subject, types in _grouped(pairs, RDF.type).items()
        for type_ in sorted(_names(types), key=str, reverse=True)
        if type_ in _PROPERTY_KINDS
    }
    label = Property(RDFS.label, "annotation", datatypes=frozenset({RDF.langString}))  # RDF Schema's, never declared
    return {RDFS.label: label} | {
        iri: Property(
            iri,
            kind,
            frozenset(_names(domains.get(iri, []))),
            frozenset(class_ for class_ in _names(ranges.get(iri, [])) if not is_datatype(class_)),
            frozenset(class_ for class_ in _names(ranges.get(iri, [])) if is_datatype(class_)),
            scheme.get(iri),
            earliest.get(iri),
            latest.get(iri),
        )
        for iri, kind in kinds.items()
    }


def is_datatype(iri: NamedNode) -> bool:
    """Whether an IRI names a datatype that the data use."""
    return iri in XSD or iri in (EDTF.EDTF, RDF.langString)


def _schemes(pairs: Pairs) -> dict[NamedNode, tuple[NamedNode, ...]]:
    members: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for concept, schemes in _grouped(pairs, SKOS.inScheme).items():
        for scheme in _names(schemes):
            members[scheme].add(concept)
    return {scheme: tuple(sorted(concepts, key=str)) for scheme, concepts in members.items()}


def _single(pairs: Pairs) -> Iterator[tuple[NamedNode, NamedNode]]:
    """Target class of a shape and path of each of its property shapes with ``sh:maxCount 1``."""
    paths = dict(pairs.get(SH.path, ()))
    once = {shape for shape, count in pairs.get(SH.maxCount, ()) if isinstance(count, Literal) and count.value == "1"}
    targets = defaultdict(list)
    for shape, class_ in pairs.get(SH.targetClass, ()):
        targets[shape].append(class_)
    for shape, inner in pairs.get(SH.property, ()):
        path = paths.get(inner)
        for class_ in targets[shape] if inner in once else ():
            if isinstance(class_, NamedNode) and isinstance(path, NamedNode):
                yield class_, path
