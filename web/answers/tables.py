"""Query results documents: cut into pages, written in another format by the engine's own reader and writer."""

import csv
import io
import json
import re
from typing import Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.export import serialise
from kg.results import RESULT_FORMATS, Table, to_rows_json, write_results
from kg.spreadsheet import to_excel_csv

_VARIABLES = re.compile(rb'\{"head":\{"vars":\[([^\]]*)\]')
Document = dict[str, Any]
"""A SPARQL 1.1 Query Results JSON document (https://www.w3.org/TR/sparql11-results-json/)."""


def count(document: Document) -> int:
    """How many solutions a document has."""
    return len(document["results"]["bindings"]) if "results" in document else 1


def part(document: Document, offset: int, limit: int | None) -> Document:
    """The document with some of its solutions."""
    if "results" not in document or (not offset and limit is None):
        return document
    end = None if limit is None else offset + limit
    return {"head": document["head"], "results": {"bindings": document["results"]["bindings"][offset:end]}}


def write(document: Document, name: str) -> bytes:
    """A document in a format.

    :param name: json, xml, csv, tsv, rows (plain JSON objects) or excel (CSV with a byte-order mark)
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    if name == "json":
        return text
    results = parse_query_results(text, format=QueryResultsFormat.JSON)
    if name in RESULT_FORMATS:
        out = io.BytesIO()
        write_results(results, name, out)
        return out.getvalue()
    if isinstance(results, QueryBoolean):
        return (json.dumps(bool(results)) + "\n").encode()
    table = Table.read(results)
    return (to_rows_json(table) if name == "rows" else to_excel_csv(table)).encode()


def write_graph(triples: bytes, name: str) -> bytes:
    """N-Triples, sorted, in a graph format."""
    return serialise((quad.triple for quad in parse(triples, format=RdfFormat.N_TRIPLES)), name)


def has_more_rows(body: bytes, form: str, count: int) -> bool:
    """Whether a results document of the engine in JSON, XML, CSV or TSV has more rows than that."""
    return _rows_at_most(body, form) > count and _rows(body, form) > count


def _rows_at_most(body: bytes, form: str) -> int:
    """No fewer rows than there are, as a large document is read in a moment; nearly always the very number."""
    if form == "json":
        # Of each row that binds anything, one variable comes first.
        variables = _VARIABLES.match(body)
        names = variables[1].split(b",") if variables and variables[1] else []
        return sum(body.count(b"{" + name + b':{"type":') for name in names) + body.count(b"{}")
    return body.count(b"<result>") if form == "xml" else body.count(b"\n") - 1


def _rows(body: bytes, form: str) -> int:
    if form == "json":
        return len(json.loads(body)["results"]["bindings"])
    if form == "csv":
        return sum(1 for _ in csv.reader(io.StringIO(body.decode(), newline=""))) - 1
    return _rows_at_most(body, form)
