"""Reading: which graph a file goes to, where a subject stands in it, and what a slip of syntax says."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from kg.errors import SyntaxDataError, UsageError
from kg.namespaces import PREFIXES, expand, shorten
from kg.positions import BLANK, read_statements
from kg.read import Document, data_files, graph_of, read_data, read_document, read_ontology
from kg.settings import ROOT, Settings
from kg.terms import GRAPH

HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(PREFIXES.items()))
HEAD_LINES = HEAD.count("\n")
TRIG = """graph:sources {
  source:a a aip:Source ;
    dcterms:title "About id:kz-law."@en .
  assertion:a.1 a aip:Assertion .
  assertion:a.12 a aip:Assertion .
}
assertion:a.12 { id:kz-law a aip:Law ; aip:by id:kz . }
assertion:a.1 {
  id:kz-law-on-ai a aip:Law .
  id:kz-law a aip:Law ;
    # who says so
    aip:date "2025"^^xsd:gYear .
  <https://w3id.org/ca-ai-policy/id/kz-x> aip:of id:kz-law .
}
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty checkout."""
    return Settings.default(tmp_path)


def write(path: Path, text: str, head: str = HEAD) -> Path:
    """A file of that text below the usual prefixes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + text, encoding="utf-8")
    return path


@pytest.fixture
def document(tmp_path: Path) -> Document:
    """A source with two assertions."""
    return read_document(write(tmp_path / "a.trig", TRIG))


def test_trig_names_its_graphs(document: Document) -> None:
    graphs = {shorten(quad.graph_name.value) for quad in document.quads}  # type: ignore[union-attr]
    assert graphs == {"graph:sources", "assertion:a.1", "assertion:a.12"}


def test_turtle_goes_to_the_graph_of_its_place(settings: Settings) -> None:
    write(settings.data / "registry" / "kz.ttl", "id:kz a aip:Country .")
    write(settings.data / "editorial.ttl", "id:kz aip:topic concept:topic-data .")
    write(settings.data / "sources" / "kz" / "a.trig", TRIG)
    documents = read_data(settings)
    assert [document.path.name for document in documents] == ["kz.ttl", "editorial.ttl", "a.trig"]
    assert str(documents[0].quads[0].graph_name) == f"<{GRAPH.registry.value}>"
    assert {str(quad.graph_name) for quad in documents[2].quads} >= {f"<{GRAPH.sources.value}>"}


def test_only_the_files_asked_for(settings: Settings) -> None:
    path = write(settings.data / "registry" / "kz.ttl", "id:kz a aip:Country .")
    write(settings.data / "registry" / "uz.ttl", "id:uz a aip:Country .")
    assert [document.path for document in read_data(settings, [path])] == [path]


def test_a_checkout_without_data_is_empty(settings: Settings) -> None:
    assert data_files(settings) == []
    assert read_ontology(settings) == []


def test_the_ontology_comes_with_its_concepts_and_shapes(settings: Settings) -> None:
    for name in ("ai-policy.ttl", "shapes.ttl", "style.ttl", "concepts/topics.ttl"):
        write(settings.ontology / name, "aip:Law a owl:Class .")
    graphs = [shorten(str(d.quads[0].graph_name)[1:-1]) for d in read_ontology(settings)]
    assert graphs == ["graph:ontology", "graph:concepts", "graph:shapes"]


@pytest.mark.parametrize("name", ["other.ttl", "registry/kz.trig", "sources/a.trig", "../registry/kz.ttl"])
def test_a_file_without_a_place(settings: Settings, name: str) -> None:
    with pytest.raises(UsageError, match="has no place") as caught:
        graph_of(settings.data / name, settings)
    assert "sources/<country>/<source>.trig" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["a.txt", "missing.ttl"])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        read_document(tmp_path / name)


@pytest.mark.parametrize(
    ("subject", "property_", "graph", "line"),
    [
        ("source:a", None, None, 2),
        ("source:a", "dcterms:title", None, 3),
        ("assertion:a.1", None, None, 4),
        ("assertion:a.12", None, None, 5),
        ("id:kz-law", None, None, 7),
        ("id:kz-law", None, "assertion:a.1", 10),
        ("id:kz-law", "aip:date", None, 12),
        ("id:kz-law", "rdf:type", "assertion:a.1", 10),
        ("id:kz-law-on-ai", "aip:date", None, 9),
        ("id:kz-x", "aip:of", None, 13),
        ("id:kz", None, None, 7),
        ("id:kz-la", None, None, None),
    ],
)
def test_line(document: Document, subject: str, property_: str | None, graph: str | None, line: int) -> None:
    found = document.line(expand(subject), property_ and expand(property_), graph=expand(graph) if graph else None)
    assert found == (line and line + HEAD_LINES)


ODD = """PREFIX thing: <https://w3id.org/ca-ai-policy/id/>
@base <https://w3id.org/ca-ai-policy/> .
@prefix : <ontology/> .
# id:kz a aip:Country . }
thing:kz a :Country ; :of "id:uz a aip:Law .", '''
{ not a graph }''' ;
  <ontology/by>
    <id/uz> ,
    <https://w3id.org/ca-ai-policy/id/k\\u0067> .

thing:a\\.b :of ( 1
  thing:tj ) ; :by [ :date 1.5 ;
    :of thing:tm
  ] .
<assertion/x.1> { thing:kz :date "line separator", "nextline" ;
  :by thing:kz . } # the end
GRAPH <assertion/x.2> { thing:kz :of 2 ; :date .5 .
}
@base <https://example.org/> .
<y> <z> true .
"""


@pytest.mark.parametrize(
    ("subject", "property_", "graph", "line"),
    [
        ("id:kz", "rdf:type", None, 5),
        ("id:kz", "aip:of", None, 5),
        ("id:kz", "aip:by", None, 7),
        ("id:uz", None, None, 8),
        ("id:kg", None, None, 9),
        ("id:a.b", None, None, 11),
        ("id:a.b", "aip:by", None, 12),
        ("id:tj", None, None, 12),
        ("id:tm", None, None, 13),
        ("id:kz", "aip:date", "assertion:x.1", 15),
        ("id:kz", "aip:by", "assertion:x.1", 16),
        ("id:kz", "aip:date", "assertion:x.2", 17),
        ("id:kz", "rdf:type", "assertion:x.2", 17),
        ("https://example.org/y", "https://example.org/z", None, 20),
        ("[]", None, None, 11),
        ("[]", "aip:date", None, 12),
    ],
)
def test_line_however_it_is_written(
    tmp_path: Path, subject: str, property_: str | None, graph: str | None, line: int
) -> None:
    path = tmp_path / "a.trig"
    path.write_text(ODD, encoding="utf-8")
    document = read_document(path)

    def iri(name: str | None) -> str | None:
        return expand(name) if name and name.partition(":")[0] in PREFIXES else name

    assert document.line(iri(subject) or "", iri(property_), iri(graph)) == line


def test_the_lines_of_every_statement_of_the_project() -> None:
    """Each statement that the engine reads has its lines, and no other has any."""
    folders = ("data", "ontology", "tests/data")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in (".ttl", ".trig")]
    assert len(paths) > 500
    for path in paths:
        try:
            quads = [quad for quad in parse(path=path, format=RdfFormat.TRIG) if isinstance(quad.subject, NamedNode)]
        except SyntaxError:
            continue
        expected = Counter((getattr(q.graph_name, "value", ""), q.subject.value, q.predicate.value) for q in quads)  # type: ignore[union-attr]
        text = path.read_text(encoding="utf-8")
        statements = [each for each in read_statements(text) if each.subject != BLANK]
        assert Counter((each.graph, each.subject, each.property) for each in statements) == expected, path
        for each in statements:
            assert 1 <= each.subject_line <= each.property_line <= each.value_line <= text.count("\n") + 1


def test_line_of_a_file_that_is_gone(document: Document) -> None:
    document.path.unlink()
    assert document.line(expand("source:a")) is None


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ('id:kz a aip:Law ;\n  nosuch:p "x" .', 2, "nosuch: has not been declared", "declare the prefix"),
        ('id:kz rdfs:label "AI"@en\nid:uz rdfs:label "AI"@en .', 2, "A dot is expected", "with a dot"),
        ('id:kz rdfs:label "AI@en .\nid:uz a aip:Law .', 1, "Unexpected end", "quote"),
        ("id:kz aip:date 2025-13-01 .", 1, "-13", "quote"),
        ("id:kz aip:acting True .", 1, "True", "small letters"),
        ("id:kz schema:url <www.gov.kz> .", 1, "No scheme", "https://"),
        ('id:kz rdfs:label "AI"@en_GB .', 1, "Unexpected character", None),
    ],
)
def test_syntax_error(tmp_path: Path, text: str, line: int, message: str, hint: str | None) -> None:
    path = write(tmp_path / "kz.ttl", text)
    with pytest.raises(SyntaxDataError) as caught:
        read_document(path)
    assert (caught.value.path, caught.value.line) == (path, line + HEAD_LINES)
    assert message in caught.value.message
    assert hint is None or hint in str(caught.value.hint)
    assert "line" not in caught.value.message


def test_a_known_prefix_is_given_to_paste(tmp_path: Path) -> None:
    with pytest.raises(SyntaxDataError) as caught:
        read_document(write(tmp_path / "kz.ttl", "id:kz a aip:Country .", head=""))
    assert caught.value.hint == "add at the top: @prefix id: <https://w3id.org/ca-ai-policy/id/> ."
    assert str(caught.value) == f"{tmp_path / 'kz.ttl'}:1: The prefix id: has not been declared"


@pytest.mark.parametrize(("text", "hint"), [(b"\xef\xbb\xbf", "byte order mark"), (b'<a:a> <a:b> "\xff" .', "UTF-8")])
def test_encoding(tmp_path: Path, text: bytes, hint: str) -> None:
    path = tmp_path / "kz.ttl"
    path.write_bytes(text)
    with pytest.raises(SyntaxDataError) as caught:
        read_document(path)
    assert hint in str(caught.value.hint)
