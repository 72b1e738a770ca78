"""The links to other datasets: one CSV file beside its CSVW metadata, a row for each identifier that was checked.

A row becomes the mapping of the thing in the registry and a link check, which tells where and when the identifier was
confirmed. What a scheme's identifiers look like and which IRI they have is said by the concepts of the schemes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg.findings import nearest
from kg.namespaces import PREFIXES
from kg.read import Document
from kg.tables import TableDocument
from kg.tables.csvw import Table, open_table
from kg.terms import AIP, DCTERMS, GRAPH, RDF, SCHEMA, SKOS, XSD, Term

FILE_NAME = "links.csv"
RELATIONS = {"exact": SKOS.exactMatch, "close": SKOS.closeMatch}
_SLOT = "{identifier}"


@dataclass(frozen=True)
class Scheme:
    """Where identifiers come from.

    :param pattern: the form of an identifier
    :param template: its IRI, with a slot for the identifier; empty if it has none
    """

    concept: NamedNode
    pattern: re.Pattern[str]
    template: str

    def iri(self, identifier: str) -> NamedNode | None:
        """The identifier as an IRI, if the scheme has any."""
        return NamedNode(self.template.replace(_SLOT, identifier)) if self.template else None


def read_schemes(ontology: Iterable[Quad]) -> dict[str, Scheme]:
    """The schemes by their notation."""
    values: dict[NamedNode, dict[NamedNode, str]] = {}
    for quad in ontology:
        subject, value = quad.subject, quad.object
        if quad.graph_name == GRAPH.concepts and isinstance(subject, NamedNode) and isinstance(value, Literal):
            values.setdefault(subject, {})[quad.predicate] = value.value
    return {
        facts[SKOS.notation]: Scheme(concept, re.compile(facts[SCHEMA.valuePattern]), facts.get(SCHEMA.urlTemplate, ""))
        for concept, facts in values.items()
        if SCHEMA.valuePattern in facts
    }


def read_links(path: Path, ontology: Iterable[Quad], documents: Iterable[Document]) -> TableDocument:
    """The links as mappings in the registry and link checks.

    :param documents: among them those of the registry
    :raises SyntaxDataError: names the line of what is wrong, and what is allowed
    """
    reader = _Reader(open_table(path), read_schemes(ontology), _registered(documents))
    quads: list[Quad] = []
    rows: dict[str, int] = {}
    for line, cells in reader.table.rows():
        for quad in reader.quads(line, cells):
            quads.append(quad)
            if isinstance(quad.subject, NamedNode):
                rows.setdefault(quad.subject.value, line)
    return TableDocument(path, tuple(quads), rows)


def _registered(documents: Iterable[Document]) -> set[str]:
    """The local names of the things in the registry."""
    return {
        quad.subject.value.removeprefix(PREFIXES["id"])
        for document in documents
        for quad in document.quads
        if quad.graph_name == GRAPH.registry and quad.predicate == RDF.type and isinstance(quad.subject, NamedNode)
    }


class _Reader:
    """Checks and reads the rows of a table.

    :ivar seen: the line of each thing in a scheme, and of each identifier of a scheme
    """

    def __init__(self, table: Table, schemes: Mapping[str, Scheme], things: set[str]) -> None:
        self.table, self.schemes, self.things = table, schemes, things
        self.seen: dict[tuple[str, str, str], int] = {}

    def quads(self, line: int, cells: Mapping[str, str]) -> Iterator[Quad]:
        """The mapping and the link check of a row."""
        thing, identifier = cells["thing"], cells["identifier"]
        self._check_choices(line, cells)
        self._check_values(line, cells)
        self._check_single(line, ("thing", thing, cells["scheme"]), f"{thing} has two identifiers in {cells['scheme']}")
        self._check_single(line, ("identifier", identifier, cells["scheme"]), f"{identifier} names two things")
        scheme, relation = self.schemes[cells["scheme"]], RELATIONS[cells["match"]]
        node, iri = NamedNode(PREFIXES["id"] + thing), scheme.iri(identifier)
        if iri:
            yield Quad(node, relation, iri, GRAPH.registry)
        else:
            yield Quad(node, DCTERMS.identifier, Literal(identifier), GRAPH.registry)
        check = NamedNode(f"{PREFIXES['id']}{thing}--{cells['scheme']}")
        facts: list[tuple[NamedNode, Term]] = [
            (RDF.type, AIP.LinkCheck),
            (AIP.about, node),
            (AIP.identifierScheme, scheme.concept),
            (DCTERMS.identifier, Literal(identifier)),
            (AIP.linkRelation, relation),
            (SCHEMA.url, NamedNode(cells["confirmed"])),
            (AIP.retrievedOn, Literal(cells["checked"], datatype=XSD.date)),
            (DCTERMS.description, Literal(cells["agreeing"], language="en")),
        ]
        if iri:
            facts.append((AIP.linksTo, iri))
        for predicate, value in facts:
            yield Quad(check, predicate, value, GRAPH.links)

    def _check_choices(self, line: int, cells: Mapping[str, str]) -> None:
        known = {"thing": self.things, "scheme": self.schemes, "match": RELATIONS}
        for column, allowed in known.items():
            if cells[column] not in allowed:
                near = nearest(cells[column], sorted(allowed)) if column == "thing" else sorted(allowed)
                hint = f"allowed: {', '.join(near)}" if near else "name a thing of data/registry, without id:"
                raise self.table.error(f"column {column!r}: there is no {cells[column]!r}", line, hint)

    def _check_values(self, line: int, cells: Mapping[str, str]) -> None:
        pattern = self.schemes[cells["scheme"]].pattern
        if not pattern.fullmatch(cells["identifier"]):
            hint = f"the form is {pattern.pattern}"
            raise self.table.error(f"{cells['identifier']!r} is no identifier of {cells['scheme']}", line, hint)
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", cells["confirmed"]):
            hint = "name the file or page that was read, at its commit or version, by its web address"
            raise self.table.error(f"column 'confirmed': {cells['confirmed']!r} is no web address", line, hint)
        try:
            date.fromisoformat(cells["checked"])
        except ValueError:
            hint = "write the day of the check as YYYY-MM-DD"
            raise self.table.error(f"column 'checked': {cells['checked']!r} is no day", line, hint) from None
        if not cells["agreeing"].strip():
            raise self.table.error("nothing agrees but the name", line, "say what else agrees: country, kind, office …")

    def _check_single(self, line: int, key: tuple[str, str, str], message: str) -> None:
        if (first := self.seen.setdefault(key, line)) != line:
            raise self.table.error(message, line, f"the other is on line {first}; keep the one that is right")
