"""Finding things by name: an index of all names in memory, one a snapshot, searched by tantivy.

Names and search words are normalised (``web.search.folding``), so script and diacritics do not matter; a word also
matches as a prefix or with one or two typing errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tantivy
from pyoxigraph import Literal, NamedNode, Store
from tantivy import Occur, Query

from kg.namespaces import PREFIXES, local_name
from kg.terms import AIP, DCTERMS, GRAPH, RDF, RDFS, SKOS
from web.memo import Kind
from web.search.folding import fold, spellings
from web.snapshot import Snapshot

MAX_CHARACTERS, MAX_WORDS, MAX_HITS = 200, 12, 400
"""How much of a search is read, and how many results it has."""
_FIELD = "name"
_NAMES = (RDFS.label, SKOS.prefLabel, SKOS.altLabel, DCTERMS.title, AIP.actNumber)
_GROUPS = {
    "country": ("Country", 3.0),
    "instrument": (
        "Law Code Decree Resolution Strategy Concept Programme Plan Agreement Draft Instrument LegalAct",
        2.0,
    ),
    "provision": ("Provision", 1.0),
    "target": ("Target Milestone Objective Commitment", 1.4),
    "body": (
        "Government Parliament Ministry Agency AdvisoryCouncil ResearchCentre University School Company TechPark "
        "InternationalOrganisation Body",
        1.6,
    ),
    "person": ("Person Post", 1.6),
    "asset": (
        "ComputeFacility DataCentre DataPlatform Network DigitalService LanguageModel Laboratory EducationProgramme "
        "Project Asset Funding",
        1.4,
    ),
    "event": ("Forum Meeting Address Presentation Event", 1.2),
    "place": ("Place Region", 1.0),
    "measure": ("Metric Index IndexEdition", 0.8),
    "publisher": ("Publisher", 0.7),
    "concept": ("", 0.9),
    "source": ("", 0.8),
}
GROUPS = tuple(_GROUPS)
"""The kinds by which results are told apart, in the order they are shown."""
_GROUP_OF = {name: group for group, (names, _) in _GROUPS.items() for name in names.split()}


def group_of_class(iri: str) -> str:
    """The group that things of a class are in; empty if they are in none."""
    return _GROUP_OF.get(local_name(iri), "")


@dataclass(frozen=True)
class Entry:
    """A thing with its names.

    :param group: one of ``GROUPS``
    :param names: every name with its language
    :param folded: each name normalised, and last the local name of its IRI
    """

    iri: str
    group: str
    names: tuple[tuple[str, str], ...]
    folded: tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """A search result, with the name that matches best."""

    iri: str
    group: str
    name: str
    language: str
    score: float


class Index:
    """All names of a snapshot."""

    def __init__(self, store: Store) -> None:
        self.entries = list(_entries(store))
        builder = tantivy.SchemaBuilder()
        builder.add_text_field(_FIELD)
        builder.add_unsigned_field("number", stored=True)
        self.schema = builder.build()
        index = tantivy.Index(self.schema)
        writer = index.writer(heap_size=20_000_000, num_threads=1)
        for number, entry in enumerate(self.entries):
            document = tantivy.Document()
            document.add_unsigned("number", number)
            for folded in entry.folded:
                document.add_text(_FIELD, folded)
            for name, _ in entry.names:
                document.add_text(_FIELD, " ".join(_other_spellings(name)))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()

    def search(self, text: str) -> list[Hit]:
        """The things whose names match, the best first: all words if anything has them all, else any of them."""
        words = fold(text[:MAX_CHARACTERS])[:MAX_WORDS]
        if not words:
            return []
        matches = self._run(words, Occur.Must) or self._run(words, Occur.Should)
        hits = [self._hit(number, score, words) for score, number in matches]
        return sorted(hits, key=lambda hit: (-hit.score, hit.name, hit.iri))

    def _run(self, words: list[str], occur: Occur) -> list[tuple[float, int]]:
        query = Query.boolean_query([(occur, self._word(word)) for word in words])
        hits: Any = self.searcher.search(query, MAX_HITS).hits
        return [(score, self.searcher.doc(address)["number"][0]) for score, address in hits]

    def _word(self, word: str) -> Query:
        """A word as such, as a prefix, or with a typing error."""
        ways = [
            Query.boost_query(Query.term_query(self.schema, _FIELD, word), 8.0),
            Query.boost_query(Query.fuzzy_term_query(self.schema, _FIELD, word, 0, True, True), 3.0),
        ]
        if len(word) > 3 and not word.isdigit():
            distance = 1 if len(word) < 7 else 2
            ways.append(Query.fuzzy_term_query(self.schema, _FIELD, word, distance, True))
        return Query.disjunction_max_query(ways, 0.0)

    def _hit(self, number: int, score: float, words: list[str]) -> Hit:
        entry = self.entries[number]
        fits = [_fit(folded, words) for folded in entry.folded]
        best = max(range(len(entry.names)), key=lambda i: (fits[i], -i))
        name, language = entry.names[best]
        weight = _GROUPS[entry.group][1] * (3 if " ".join(words) in entry.folded else 1)
        if entry.iri.startswith(PREFIXES["id"] + "int-"):
            weight *= 0.6  # what belongs to the covered countries comes first
        return Hit(entry.iri, entry.group, name, language, score * weight * max(fits))


def _fit(folded: str, words: list[str]) -> float:
    """How well a name fits: the proportion of the words that are in it, then how little else is."""
    parts = folded.split()
    matches = sum(1 if word in parts else 0.6 * any(part.startswith(word[:4]) for part in parts) for word in words)
    return matches / len(words) + 1 / (2 + len(parts))


def _other_spellings(name: str) -> list[str]:
    known = set(fold(name))
    return [word for word in spellings(name) if word not in known]


def _entries(store: Store) -> Iterator[Entry]:
    for iri, group in sorted(_things(store)):
        names = sorted(_names(store, NamedNode(iri)), key=lambda name: (name[1] != "en", name[1], name[0]))
        if names:
            texts = [*(name for name, _ in names), local_name(iri) if iri.startswith(PREFIXES["id"]) else ""]
            yield Entry(iri, group, tuple(names), tuple(" ".join(fold(text)) for text in texts))


def _things(store: Store) -> set[tuple[str, str]]:
    """Each thing that can be found, with its group: of the registry, of the sources, of the concepts."""
    groups: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, RDF.type, None, GRAPH.registry):
        if group := group_of_class(getattr(quad.object, "value", "")):
            groups.setdefault(quad.subject.value, group)  # type: ignore[union-attr]  # the registry has no triple terms
    for graph, cls, group in ((GRAPH.sources, AIP.Source, "source"), (GRAPH.concepts, SKOS.Concept, "concept")):
        for quad in store.quads_for_pattern(None, RDF.type, cls, graph):
            groups.setdefault(quad.subject.value, group)  # type: ignore[union-attr]
    return set(groups.items())


def _names(store: Store, thing: NamedNode) -> set[tuple[str, str]]:
    quads = (quad for name in _NAMES for quad in store.quads_for_pattern(thing, name, None, GRAPH.accepted))
    return {(q.object.value, q.object.language or "") for q in quads if isinstance(q.object, Literal)}


_INDEX: Kind[Index] = Kind("search index")


def index_of(snapshot: Snapshot) -> Index:
    """The index of a snapshot, made once."""
    return snapshot.memo.get(_INDEX, None, lambda: Index(snapshot.store))
