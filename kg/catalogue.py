"""The description of the dataset: VoID counts (https://www.w3.org/TR/void/) and the version, added to the
hand-written ``ontology/catalogue.ttl`` (https://www.w3.org/TR/vocab-dcat-3/).

The address of the server is not known when the graph is built, so every address is one of the w3id base.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.counts import Row, count
from kg.link_spaces import link_spaces, space_of
from kg.namespaces import BASE, PREFIXES, local_name, shorten
from kg.quad_builder import Value, statements, text
from kg.terms import AIP, GRAPH, RDF, SCHEMA, SKOS, XSD, is_assertion

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


def describe(static: Collection[Quad], store: Store, version: str) -> list[Quad]:
    """All of graph:catalogue.

    :param static: the hand-written part
    :param store: every other quad of the dataset
    :param version: version of the project
    """
    described = {
        *static,
        *_release(store, version),
        *_linksets(store),
        *_graph_sizes(store),
        *_accepted_view(store),
    }
    total = len(store) + len(described) + 1
    return [*described, *statements(GRAPH.catalogue, DATASET, ("void:triples", total))]


def _release(store: Store, version: str) -> Iterator[Quad]:
    """Version and last change; the change is that of the newest assertion, so that a build of old data shows it."""
    [(first, last)] = count(store, "days", graph=GRAPH.accepted)
    yield from statements(GRAPH.catalogue, DATASET, ("dcat:version", text(version)))
    if last:
        day = Literal(last.value, datatype=XSD.date)
        for described in (DATASET, BASE + "catalogue"):
            yield from statements(GRAPH.catalogue, described, ("dcterms:modified", day))
        yield from _period((first or last).value, day)


def _linksets(store: Store) -> Iterator[Quad]:
    """Links to each dataset by property (VoID, section 5); the linkset of Wikidata has a name of its own."""
    spaces = link_spaces(store.quads_for_pattern(None, SCHEMA.urlTemplate, None, GRAPH.concepts))
    quads = [quad for link in MAPPINGS for quad in store.quads_for_pattern(None, link, None, GRAPH.accepted)]
    linked = [(quad.object.value, quad.predicate) for quad in quads if isinstance(quad.object, NamedNode)]
    links = Counter((space_of(iri, spaces), link) for iri, link in linked if not iri.startswith(BASE))
    yield from statements(GRAPH.catalogue, WIKIDATA_LINKS, ("void:triples", links.pop(_TO_WIKIDATA, 0)))
    for (space, predicate), size in links.items():
        host = _dataset_name(space, spaces)
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
            ("void:triples", size),
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


def _graph_sizes(store: Store) -> Iterator[Quad]:
    sizes: Counter[str] = Counter()
    for graph, size in count(store, "graphs"):
        sizes[ASSERTIONS if is_assertion(graph) else graph.value] += int(size.value)
    for name, total in sizes.items():
        yield from statements(GRAPH.catalogue, DATASET, ("void:subset", NamedNode(name)))
        yield from statements(GRAPH.catalogue, name, ("rdf:type", "void:Dataset"), ("void:triples", total))


def _accepted_view(store: Store) -> Iterator[Quad]:
    subjects, [(objects,)] = (count(store, name, graph=GRAPH.accepted) for name in ("subjects", "objects"))
    things = {iri: int(size.value) for iri, size in subjects if iri.value.startswith(PREFIXES["id"])}
    classes, properties = (count(store, name, graph=GRAPH.accepted) for name in ("classes", "properties"))
    used = [row[0].value for row in (*properties, *classes)]
    vocabularies = [space for space in PREFIXES.values() if any(term.startswith(space) for term in used)]
    yield from statements(
        GRAPH.catalogue,
        ACCEPTED,
        ("void:distinctSubjects", len(subjects)),
        ("void:distinctObjects", objects),
        ("void:entities", len(things)),
        ("void:classes", len(classes)),
        ("void:properties", len(properties)),
        *(("void:vocabulary", NamedNode(namespace)) for namespace in vocabularies),
        *(("void:exampleResource", thing) for thing in _examples(store, classes, things)),
    )
    for name, size in classes:
        yield from _partition("class", name, ("void:class", name), ("void:entities", size))
    for name, size, different_subjects, different_objects in properties:
        counts = (("void:distinctSubjects", different_subjects), ("void:distinctObjects", different_objects))
        yield from _partition("property", name, ("void:property", name), ("void:triples", size), *counts)


def _examples(
    store: Store, classes: Sequence[Row], things: Mapping[NamedNode, int], how_many: int = 5
) -> list[NamedNode]:
    """The thing with most statements in each of our largest classes.

    :param classes: each class with the number of its members
    :param things: each thing with the number of its statements
    """
    examples: dict[NamedNode, None] = {}
    for name, _ in sorted(classes, key=lambda row: (-int(row[1].value), row[0].value)):
        if name in AIP and len(examples) < how_many:
            members = {quad.subject for quad in store.quads_for_pattern(None, RDF.type, name, GRAPH.accepted)}
            largest_first = sorted(things.keys() & members, key=lambda thing: (-things[thing], thing.value))
            examples |= dict.fromkeys(largest_first[:1])
    return list(examples)


def _partition(kind: str, term: NamedNode, *pairs: tuple[str, Value]) -> Iterator[Quad]:
    """A part of the accepted view: the members of a class, or the triples of a property."""
    part = _part(kind, term.value)
    yield from statements(GRAPH.catalogue, ACCEPTED, (f"void:{kind}Partition", NamedNode(part)))
    yield from statements(GRAPH.catalogue, part, *pairs)


def _part(kind: str, iri: str) -> str:
    """The name of a partition: readable where the term has a prefix of ours."""
    short = shorten(iri)
    name = short.replace(":", "-") if short != iri else hashlib.sha256(iri.encode()).hexdigest()[:12]
    return f"{DATASET}/{kind}-{name}"
