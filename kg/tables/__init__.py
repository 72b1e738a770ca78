"""Published tables as sources: a CSV file as published beside its CSVW metadata.

The metadata say which column names the country, the edition or the release, and of which metric each other column holds
values. One row becomes one passage and one assertion with an observation for each filled cell, so a table is checked,
shown and ruled on like any other source.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from kg.namespaces import PREFIXES, expand, local_name
from kg.read import Document
from kg.tables.csvw import METADATA_SUFFIX, Table, open_table
from kg.tables.registry import Registry
from kg.terms import AIP, CONCEPT, DCTERMS, GRAPH, RDF, XSD, Term

_PREFIXED = re.compile(r"(id|concept|source|aip):[\w.-]+")
_ROLES = ("aip:about", "aip:edition", "aip:release")
_TABLE_SETTINGS = ("aip:edition", "aip:release", "aip:created")
_DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}


@dataclass(frozen=True)
class TableDocument(Document):
    """A table as quads.

    :param rows: the line of the CSV file on which each passage, assertion and observation stands
    """

    rows: Mapping[str, int] = field(default_factory=dict)

    def line(self, subject: str, property_: str | None = None, graph: str | None = None) -> int | None:
        """The line of the CSV file that a subject or graph comes from; the head for the source itself."""
        return self.rows.get(graph or "") or self.rows.get(subject) or 1


def read_tables(folder: Path, documents: Iterable[Document]) -> list[TableDocument]:
    """Every CSV file of a folder of sources.

    :param folder: it has a folder for each country
    :param documents: among them those of the registry
    :raises SyntaxDataError: if one of the tables or its metadata is wrong
    """
    paths = sorted(folder.glob("*/*.csv"))
    registry = Registry.of(documents) if paths else None
    return [read_table(path, registry) for path in paths if registry is not None]


def read_table(path: Path, registry: Registry) -> TableDocument:
    """A published table as a source with one passage and one assertion a row.

    :raises SyntaxDataError: names file and line of what is wrong, and what is allowed
    """
    table = open_table(path)
    quads = list(_source(table))
    rows: dict[str, int] = {}
    for ordinal, (line, cells) in enumerate(table.rows(), 1):
        for quad in _row(table, registry, ordinal, line, cells):
            quads.append(quad)
            for name in (quad.subject, quad.graph_name):
                if isinstance(name, NamedNode) and name != GRAPH.sources:
                    rows.setdefault(name.value, line)
    return TableDocument(path, tuple(quads), rows)


def _source(table: Table) -> Iterator[Quad]:
    """The description of the source: every prefixed property of the metadata that is not a setting of the table."""
    source = NamedNode(PREFIXES["source"] + table.slug)
    yield Quad(source, RDF.type, AIP.Source, GRAPH.sources)
    for key, value in table.metadata.items():
        if ":" in key and key not in _TABLE_SETTINGS:
            predicate = NamedNode(expand(re.sub(r"^dc:", "dcterms:", key)))
            for item in value if isinstance(value, list) else [value]:
                yield Quad(source, predicate, _term(predicate, item), GRAPH.sources)


def _term(predicate: NamedNode, value: Any) -> Term:
    if isinstance(value, bool | int):
        return Literal(value)
    if _PREFIXED.fullmatch(value):
        return NamedNode(expand(value))
    if value.startswith("https://") or value.startswith("http://"):
        return NamedNode(value)
    if predicate in (DCTERMS.issued, DCTERMS.created, AIP.retrievedOn):
        return Literal(value, datatype=_DATE_TYPES.get(len(value), XSD.date))
    return Literal(value) if predicate == DCTERMS.language else Literal(value, language="en")


def _row(table: Table, registry: Registry, ordinal: int, line: int, cells: Mapping[str, str]) -> Iterator[Quad]:
    area, edition, release = _key(table, registry, line, cells)
    name = f"{table.slug}.{ordinal}"
    passage, assertion = NamedNode(PREFIXES["passage"] + name), NamedNode(PREFIXES["assertion"] + name)
    filled = list(_measures(table, line, cells))
    if not filled:
        return
    yield from _description(table, passage, assertion, line, _paraphrase(cells, table, edition, filled))
    for title, metric, value in filled:
        if metric not in registry.metrics:
            hint = "register the metric with its aip:unit in data/registry"
            raise table.error(f"column {title!r}: no metric {local_name(metric.value)}", line, hint)
        node = f"{local_name(metric.value)}--{local_name(area.value)}-{edition}-{release}"
        observation = NamedNode(PREFIXES["id"] + node)
        facts: dict[NamedNode, Term] = {
            **{RDF.type: AIP.Observation, AIP.metric: metric, AIP.about: area, AIP.edition: Literal(edition)},
            **{AIP.release: Literal(release), AIP.value: value, AIP.unit: registry.metrics[metric]},
            AIP.date: Literal(edition, datatype=XSD.gYear),
        }
        yield from (Quad(observation, property_, fact, assertion) for property_, fact in facts.items())
        if index_edition := registry.editions.get((metric, edition)):
            yield Quad(observation, AIP.inEdition, index_edition, assertion)


def _key(table: Table, registry: Registry, line: int, cells: Mapping[str, str]) -> tuple[NamedNode, str, int]:
    """The area, edition and release of a row: from its cells, else from the table."""
    given = {str(role): str(table.metadata[role]) for role in _ROLES if role in table.metadata}
    for title, column in table.columns.items():
        if column.get("propertyUrl") in _ROLES:
            given[column["propertyUrl"]] = cells[title].strip()
    name, edition = given.get("aip:about", ""), given.get("aip:edition", "")
    if name.casefold() not in registry.areas:
        hint = "name it as its registry entry does: a label, skos:altLabel or ISO code"
        raise table.error(f"{name!r} is no country or region of the registry", line, hint)
    if not re.fullmatch(r"\d{4}", edition):
        raise table.error(f"{edition!r} is no year of an edition", line, "write a year of four digits")
    release = given.get("aip:release", "1")
    if not release.isdecimal():
        raise table.error(f"{release!r} is no number of a release", line, "write 1, 2, …")
    return registry.areas[name.casefold()], edition, int(release)


def _measures(table: Table, line: int, cells: Mapping[str, str]) -> Iterator[tuple[str, NamedNode, Literal]]:
    """The filled cells of columns that hold values of a metric."""
    for title, column in table.columns.items():
        text = cells[title].strip()
        if "aip:metric" not in column:
            if "propertyUrl" not in column and not column.get("suppressOutput"):
                hint = 'give it "propertyUrl", "aip:metric" or "suppressOutput": true in the metadata'
                raise table.error(f"column {title!r} has no meaning", line, hint)
        elif text and text not in column.get("null", ()):
            if not re.fullmatch(r"-?\d+(\.\d+)?", text):
                hint = 'write a plain number, or list the mark for "no value" under "null" in the metadata'
                raise table.error(f"column {title!r}: {text!r} is no number", line, hint)
            datatype = XSD.decimal if "." in text else XSD.integer
            yield title, NamedNode(expand(column["aip:metric"])), Literal(text, datatype=datatype)


def _paraphrase(
    cells: Mapping[str, str], table: Table, edition: str, filled: Iterable[tuple[str, NamedNode, Literal]]
) -> str:
    area = next((cells[t] for t, c in table.columns.items() if c.get("propertyUrl") == "aip:about"), "")
    values = "; ".join(f"{table.columns[title].get('dc:title', title)} {value.value}" for title, _, value in filled)
    return f"{area.strip()}, {edition}: {values}."


def _description(table: Table, passage: NamedNode, assertion: NamedNode, line: int, text: str) -> Iterator[Quad]:
    created = table.metadata.get("aip:created")
    if not created:
        raise table.error("no day of entry", 1, f'add "aip:created" to {table.path.name}{METADATA_SUFFIX}')
    facts: list[tuple[NamedNode, NamedNode, Term]] = [
        (passage, RDF.type, AIP.Passage),
        (passage, AIP.inSource, NamedNode(PREFIXES["source"] + table.slug)),
        (passage, AIP.locator, Literal(f"line {line} of the table")),
        (passage, AIP.paraphrase, Literal(text, language="en")),
        (assertion, RDF.type, AIP.Assertion),
        (assertion, AIP.inPassage, passage),
        (assertion, AIP.confidence, CONCEPT["confidence-high"]),
        (assertion, AIP.hedge, CONCEPT["hedge-stated"]),
        (assertion, DCTERMS.created, Literal(created, datatype=XSD.date)),
    ]
    for subject, predicate, value in facts:
        yield Quad(subject, predicate, value, GRAPH.sources)
