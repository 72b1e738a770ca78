"""Query results documents: cut into pages, written in another format by the engine's own reader and writer."""

from __future__ import annotations

import io
import json
from typing import Any

from pyoxigraph import QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results

from kg.export import serialise
from kg.results import RESULT_FORMATS, Table, to_rows_json, write_results
from kg.spreadsheet import to_excel_csv

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


def has_rows(body: bytes, form: str, count: int) -> bool:
    """Whether a results document in JSON, XML, CSV or TSV has at least so many rows."""
    if len(body) < count * 2:
        return False
    if form == "json":
        return len(json.loads(body)["results"]["bindings"]) >= count
    if form == "xml":
        return body.count(b"<result>") + body.count(b"<result/>") >= count
    return body.count(b"\n") - 1 >= count


def mark_as_cut(body: bytes, form: str, link: str) -> bytes:
    """A results document with a link in its head to what being cut means; CSV and TSV have no place for it."""
    if form == "json":
        return body.replace(b'{"head":{', b'{"head":{"link":[' + json.dumps(link).encode() + b"],", 1)
    if form == "xml":
        return body.replace(b"</head>", b'<link href="' + link.encode() + b'"/></head>', 1)
    return body
