"""The description of the dataset: VoID counts (https://www.w3.org/TR/void/) and the version, added to the
hand-written ``ontology/catalogue.ttl`` (https://www.w3.org/TR/vocab-dcat-3/).

The address of the server is not known when the graph is built, so every address is one of the w3id base.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.link_spaces import link_spaces, space_of
from kg.namespaces import BASE, PREFIXES, local_name, shorten
from kg.quad_builder import statements, text
from kg.terms import AIP, DCTERMS, GRAPH, RDF, SKOS, XSD, is_assertion

ACCEPTED = GRAPH.accepted.value
DATASET = BASE + "dataset"
DOWNLOADS = BASE + "download/"
LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
PERIOD = DATASET + "/temporal"
MAPPINGS = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
"""Properties that link to other datasets."""
WIKIDATA_LINKS = BASE + "links-to-wikidata"
_TO_WIKIDATA = PREFIXES["wd"], SKOS.exactMatch
ASSERTIONS = DATASET + "/assertions"
"""The graphs of all assertions together: a part of the dataset, and no graph that a query can name."""


def texts_of(store: Store, predicate: NamedNode, language: str | None = None, subject: str = DATASET) -> list[str]:
    """What the catalogue of a snapshot says of the dataset by a property, in a language, sorted."""
    quads = store.quads_for_pattern(NamedNode(subject), predicate, None, GRAPH.catalogue)
    literals = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    return sorted({literal.value for literal in literals if literal.language == language})


def describe(static: Collection[Quad], quads: Collection[Quad], version: str) -> list[Quad]:
    """All of graph:catalogue.

    :param static: the hand-written part
    :param quads: every other quad of the dataset
    :param version: version of the project
    """
    counts = _Counts.of(quads, link_spaces(quads))
    described = {
        *static,
        *_release(counts, version),
        *_linksets(counts),
        *_graph_sizes(counts),
        *_accepted_view(counts),
        *_partitions(counts),
    }
    total = len(quads) + len(described) + 1
    return [*described, *statements(GRAPH.catalogue, DATASET, ("void:triples", total))]


@dataclass
class _Counts:
    """What is counted in one pass over the dataset.

    :ivar spaces: the scheme that each namespace of identifiers belongs to
    """

    spaces: Mapping[str, NamedNode]
    graphs: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    triples: Counter[str] = field(default_factory=Counter)
    subjects: dict[str, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    objects: dict[str, set[object]] = field(default_factory=lambda: defaultdict(set))
    sizes: Counter[NamedNode] = field(default_factory=Counter)
    instances: dict[str, list[NamedNode]] = field(default_factory=lambda: defaultdict(list))
    links: Counter[tuple[str, NamedNode]] = field(default_factory=Counter)
    modified: str = ""
    first: str = ""

    @classmethod
    def of(cls, quads: Collection[Quad], spaces: Mapping[str, NamedNode]) -> _Counts:
        counts = cls(spaces)
        for name, size in Counter(quad.graph_name for quad in quads).items():
            counts.graphs[ASSERTIONS if is_assertion(name) else str(name)[1:-1]] += size
        for quad in quads:
            if quad.predicate == DCTERMS.created and isinstance(quad.object, Literal):
                counts.modified = max(counts.modified, quad.object.value)
            if quad.graph_name == GRAPH.accepted:
                counts.add(quad)
        return counts

    def add(self, quad: Quad) -> None:
        """Count one triple of the accepted view."""
        subject, predicate, value = quad.subject, quad.predicate.value, quad.object
        self.triples[predicate] += 1
        self.objects[predicate].add(value)
        if quad.predicate == AIP.earliest and isinstance(value, Literal):
            self.first = min(self.first or value.value, value.value)
        if isinstance(subject, NamedNode):
            self.subjects[predicate].add(subject)
            self.sizes[subject] += 1
        if isinstance(value, NamedNode):
            if quad.predicate == RDF.type and isinstance(subject, NamedNode):
                self.classes[value.value] += 1
                self.instances[value.value].append(subject)
            if quad.predicate in MAPPINGS and not value.value.startswith(BASE):
                self.links[space_of(value.value, self.spaces), quad.predicate] += 1


def _release(counts: _Counts, version: str) -> Iterator[Quad]:
    """Version and last change; the change is that of the newest assertion, so that a build of old data shows it."""
    yield from statements(GRAPH.catalogue, DATASET, ("dcat:version", text(version)))
    yield from statements(GRAPH.catalogue, WIKIDATA_LINKS, ("void:triples", counts.links[_TO_WIKIDATA]))
    if counts.modified:
        day = Literal(counts.modified, datatype=XSD.date)
        for described in (DATASET, BASE + "catalogue"):
            yield from statements(GRAPH.catalogue, described, ("dcterms:modified", day))
        yield from _period(counts.first or counts.modified, day)


def _linksets(counts: _Counts) -> Iterator[Quad]:
    """Links to each dataset but Wikidata, whose linkset has a name of its own, by property (VoID, section 5)."""
    for (space, predicate), count in counts.links.items():
        if (space, predicate) == _TO_WIKIDATA:
            continue
        host = _dataset_name(space, counts.spaces)
        name = f"{DATASET}/links-to-{host.replace('.', '-')}-{local_name(predicate.value)}"
        yield from statements(GRAPH.catalogue, DATASET, ("void:subset", NamedNode(name)))
        yield from statements(
            GRAPH.catalogue,
            name,
            ("rdf:type", "void:Linkset"),
            ("dcterms:title", text(f"Links to {host}: {shorten(predicate.value)}", "en")),
            ("dcterms:title", text(f"Ссылки на {host}: {shorten(predicate.value)}", "ru")),
            ("void:linkPredicate", predicate),
            ("void:subjectsTarget", NamedNode(DATASET)),
            ("void:objectsTarget", NamedNode(space)),
            ("void:triples", count),
        )


def _dataset_name(space: str, spaces: Mapping[str, NamedNode]) -> str:
    """What a dataset is called here: by the scheme of its identifiers, else by its host."""
    if space in spaces:
        return local_name(spaces[space].value).removeprefix("identifier-")
    return (urlsplit(space).hostname or space).removeprefix("www.")


def _period(first: str, last: Literal) -> Iterator[Quad]:
    """From the first day that a statement is about until the newest assertion."""
    yield from statements(GRAPH.catalogue, DATASET, ("dcterms:temporal", NamedNode(PERIOD)))
    yield from statements(
        GRAPH.catalogue,
        PERIOD,
        ("rdf:type", "dcterms:PeriodOfTime"),
        ("dcat:startDate", Literal(first, datatype=XSD.date)),
        ("dcat:endDate", last),
    )


def _graph_sizes(counts: _Counts) -> Iterator[Quad]:
    for graph, size in counts.graphs.items():
        yield from statements(GRAPH.catalogue, DATASET, ("void:subset", NamedNode(graph)))
        yield from statements(GRAPH.catalogue, graph, ("rdf:type", "void:Dataset"), ("void:triples", size))


def _accepted_view(counts: _Counts) -> Iterator[Quad]:
    objects = set().union(*counts.objects.values())
    yield from statements(
        GRAPH.catalogue,
        ACCEPTED,
        ("void:distinctSubjects", len(counts.sizes)),
        ("void:distinctObjects", len(objects)),
        ("void:entities", sum(1 for subject in counts.sizes if subject.value.startswith(PREFIXES["id"]))),
        ("void:classes", len(counts.classes)),
        ("void:properties", len(counts.triples)),
        *(("void:vocabulary", NamedNode(namespace)) for namespace in _vocabularies(counts)),
        *(("void:exampleResource", subject) for subject in _examples(counts)),
    )


def _vocabularies(counts: _Counts) -> list[str]:
    used = [*counts.triples, *counts.classes]
    return [space for space in PREFIXES.values() if any(term.startswith(space) for term in used)]


def _examples(counts: _Counts, how_many: int = 5) -> list[NamedNode]:
    """The thing with most statements in each of our largest classes."""
    ours = [name for name in counts.classes if name.startswith(PREFIXES["aip"])]
    examples: list[NamedNode] = []
    for name in sorted(ours, key=lambda name: (-counts.classes[name], name)):
        things = [thing for thing in counts.instances[name] if thing.value.startswith(PREFIXES["id"])]
        best = min(things, key=lambda thing: (-counts.sizes[thing], thing.value), default=None)
        if best is not None and best not in examples:
            examples.append(best)
    return examples[:how_many]


def _partitions(counts: _Counts) -> Iterator[Quad]:
    for name, size in counts.classes.items():
        part = _part("class", name)
        yield from statements(GRAPH.catalogue, ACCEPTED, ("void:classPartition", NamedNode(part)))
        pairs = (("void:class", NamedNode(name)), ("void:entities", size))
        yield from statements(GRAPH.catalogue, part, *pairs)
    for name, size in counts.triples.items():
        part = _part("property", name)
        yield from statements(GRAPH.catalogue, ACCEPTED, ("void:propertyPartition", NamedNode(part)))
        yield from statements(
            GRAPH.catalogue,
            part,
            ("void:property", NamedNode(name)),
            ("void:triples", size),
            ("void:distinctSubjects", len(counts.subjects[name])),
            ("void:distinctObjects", len(counts.objects[name])),
        )


def _part(kind: str, iri: str) -> str:
    """The name of a partition: readable where the term has a prefix of ours."""
    short = shorten(iri)
    name = short.replace(":", "-") if short != iri else hashlib.sha256(iri.encode()).hexdigest()[:12]
    return f"{DATASET}/{kind}-{name}"
