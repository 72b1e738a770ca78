"""Results and graphs in each format, whatever the data hold: read back by the libraries people use."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pandas
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Store, Triple, parse
from rdflib.query import Result

from kg.errors import FormatError
from kg.formats import GRAPH_FORMATS
from kg.results import Table, write_results
from kg.spreadsheet import to_excel_csv
from kg.terms import RDF
from kg.writers import write, write_triples
from kg.xml10 import is_writable
from web.answers import tables

COMMA = NamedNode("https://example.org/a,b?c='d';e")
TEXTS = (
    "",
    " ",
    "a,b",
    'say "AI"',
    "two\nlines",
    "two\r\nlines",
    "old\rMac",
    "\ttab",
    "tab\tinside",
    " leading and trailing ",
    "\n",
    "ИИ 人工知能 🤖",
    "]]> & <b>",
    "line\u2028separator",
    "back\\slash",
)
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def solutions(*terms: NamedNode | Literal, names: str = "?x") -> QuerySolutions:
    rows = " ".join(f"( {term} )" for term in terms)
    results = Store().query(f"SELECT {names} {{ VALUES ({names}) {{ {rows} }} }}")
    assert isinstance(results, QuerySolutions)
    return results


def written(name: str, *terms: NamedNode | Literal) -> bytes:
    out = io.BytesIO()
    write_results(solutions(*terms), name, out)
    return out.getvalue()


def test_an_iri_with_a_comma_is_one_cell() -> None:
    store = Store()
    results = store.query(f'SELECT ?a ?b ?c {{ VALUES (?a ?b ?c) {{ ({COMMA} "x" UNDEF) (UNDEF {COMMA} 1.50) }} }}')
    out = io.BytesIO()
    write_results(results, "csv", out)  # type: ignore[arg-type]
    assert list(csv.reader(io.StringIO(out.getvalue().decode(), newline=""))) == [
        ["a", "b", "c"],
        [COMMA.value, "x", ""],
        ["", COMMA.value, "1.5"],
    ]
    assert out.getvalue().endswith(b"\r\n")
    table = pandas.read_csv(io.BytesIO(out.getvalue()))
    assert table.shape == (2, 3)


def test_csv_in_pandas_and_rdflib() -> None:
    body = written("csv", COMMA, *map(Literal, TEXTS))
    # pandas is told that an empty cell is an empty text, and skips no row of one cell.
    table = pandas.read_csv(io.BytesIO(body), keep_default_na=False, skip_blank_lines=False)
    assert [text.replace("\r\n", "\n") for text in table["x"]] == [
        COMMA.value,
        *(text.replace("\r\n", "\n") for text in TEXTS),
    ]
    rows = csv.reader(io.StringIO(body.decode(), newline=""))
    assert [row[0] for row in rows] == ["x", COMMA.value, *TEXTS]


def test_an_answer_of_empty_cells_keeps_its_rows() -> None:
    assert written("csv", Literal(""), Literal("")) == b'x\r\n""\r\n""\r\n'


def test_tsv_in_rdflib() -> None:
    texts = [text for text in TEXTS if "\u2028" not in text]  # rdflib 7.6 takes that for the end of a line
    body = written("tsv", COMMA, *(Literal(text) for text in texts))
    assert body.count(b"\n") == len(texts) + 2
    rows = Result.parse(io.BytesIO(body), format="tsv")
    assert [str(row[0]) for row in rows] == [COMMA.value, *texts]


@pytest.mark.parametrize("name", ["csv", "tsv", "xml"])
def test_another_engine_gives_the_same_bytes(name: str) -> None:
    document = {
        "head": {"vars": ["x"]},
        "results": {
            "bindings": [{"x": {"type": "uri", "value": COMMA.value}}, {"x": {"type": "literal", "value": "a\rb"}}]
        },
    }
    assert tables.write(document, name) == written(name, COMMA, Literal("a\rb"))


def test_xml_results_survive_every_parser() -> None:
    body = written("xml", COMMA, *map(Literal, TEXTS))
    expected = [COMMA.value, *TEXTS]
    for root in (ElementTree.fromstring(body), etree.fromstring(body)):
        cells = [cell.text or "" for cell in root.iter() if str(cell.tag).endswith(("}uri", "}literal"))]
        assert cells == expected
    assert [str(row[0]) for row in Result.parse(io.BytesIO(body), format="xml")] == expected
    from pyoxigraph import parse_query_results

    read = parse_query_results(body, format=QueryResultsFormat.XML)
    assert [row[0].value for row in read] == expected  # type: ignore[union-attr]


FORBIDDEN = ["\x00", "a\x01", "\x0b", "\x1f", "\ufffe", "x\uffff"]


@pytest.mark.parametrize("text", FORBIDDEN, ids=ascii)
def test_what_xml_cannot_hold_is_refused_with_the_formats_that_can(text: str) -> None:
    with pytest.raises(FormatError, match=r"U\+[0-9A-F]{4}") as caught:
        written("xml", Literal(text))
    assert "application/sparql-results+json" in caught.value.offered
    for name in ("json", "csv", "tsv"):
        assert written(name, Literal(text))
    triple = Triple(COMMA, LABEL, Literal(text))
    with pytest.raises(FormatError) as caught:
        write([triple], GRAPH_FORMATS["rdfxml"])
    assert "text/turtle" in caught.value.offered


@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=30), st.integers(0, 9000))
def test_forbidden_characters_are_seen_wherever_they_stand(text: str, before: int) -> None:
    allowed = all(c in "\t\n\r" or 0x20 <= ord(c) < 0xFFFE or ord(c) > 0xFFFF for c in text)
    try:
        body = written("xml", Literal("x" * before), Literal(text))
    except FormatError:
        assert not allowed
    else:
        assert allowed
        assert (etree.fromstring(body, etree.XMLParser(huge_tree=True))[1][1][0][0].text or "") == text


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_rdf_xml_survives_every_parser(text: str) -> None:
    triple = Triple(COMMA, LABEL, Literal(text))
    for body in (write([triple], GRAPH_FORMATS["rdfxml"]), _streamed([triple])):
        assert [quad.triple for quad in parse(body, format=RdfFormat.RDF_XML)] == [triple]
        graph = rdflib.Graph().parse(data=body, format="xml")
        assert [str(value) for value in graph.objects()] == [text]


def _streamed(triples: list[Triple]) -> bytes:
    out = io.BytesIO()
    write_triples(triples, GRAPH_FORMATS["rdfxml"], out)
    return out.getvalue()


PREDICATES = {
    "http://e.org/a": True,
    "http://e.org/1a": True,
    "http://e.org/имя": True,
    "http://e.org/a.b-c": True,
    "urn:p": True,
    RDF["_1"].value: True,
    "http://e.org/1": False,
    "http://e.org/a/": False,
    "http://e.org/a#": False,
    "http://e.org/a(b)": False,
    "http://e.org/𠀀": False,
    "http://www.w3.org/2000/xmlns/foo": False,
    RDF.li.value: False,
    RDF.Description.value: False,
}


@pytest.mark.parametrize("iri", PREDICATES)
def test_predicates_that_rdf_xml_can_write(iri: str) -> None:
    triple = Triple(COMMA, NamedNode(iri), Literal("x"))
    assert is_writable(triple.predicate) == PREDICATES[iri]
    if PREDICATES[iri]:
        for body in (write([triple], GRAPH_FORMATS["rdfxml"]), _streamed([triple])):
            graph = rdflib.Graph().parse(data=body, format="xml")
            assert [str(predicate) for predicate in graph.predicates()] == [iri]
    else:
        for act in (lambda: write([triple], GRAPH_FORMATS["rdfxml"]), lambda: _streamed([triple])):
            with pytest.raises(FormatError, match="predicate"):
                act()


CELLS = {
    "'": ("=1+1", "\n=1", "\r", "\t", " =1", "＝1+1", "＋1", "－1", "＠SUM(A1)", "+7 700", "-", "@x"),
    "' to keep text": (
        "2019-01",
        "46-2",
        "1/2",
        "10:30",
        "1E5",
        "007",
        "12345678901234567890",
        "May 2025",
        "5 мая 2025",
    ),
    "": ("a=1", "AI", "2019", "2025-03-31", "0", "123", "Law 46-2", "maybe", "март", "в 2025 году", "Статья 5"),
}


@pytest.mark.parametrize("kind", CELLS)
def test_cells_of_a_spreadsheet_stay_what_they_are(kind: str) -> None:
    table = Table(("x",), tuple((Literal(text),) for text in CELLS[kind]))
    rows = list(csv.reader(io.StringIO(to_excel_csv(table).removeprefix("\ufeff"), newline="")))
    assert [row[0] for row in rows[1:]] == [kind[:1] + text for text in CELLS[kind]]
