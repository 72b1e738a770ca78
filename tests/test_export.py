"""Exports: every format says the same, reads back elsewhere, and is the same bytes under any hash seed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.errors import FormatError, UsageError
from kg.export import export, get_format, published, serialise
from kg.formats import GRAPH_FORMATS
from kg.namespaces import PREFIXES, expand
from kg.terms import GRAPH
from kg.writers import prefixed

WHOLE = [name for name, known in GRAPH_FORMATS.items() if known.has_named_graphs]
FLAT = [name for name, known in GRAPH_FORMATS.items() if not known.has_named_graphs]
OXIGRAPH = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
}
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "rdfxml": "xml",
    "trig": "trig",
    "nquads": "nquads",
    "jsonld": "json-ld",
}
LAW = NamedNode(expand("id:kz-law-on-ai"))


def node(name: str) -> NamedNode:
    return NamedNode(expand(name))


def literal(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=node(datatype))


VALUES: list[NamedNode | Literal] = [
    node("aip:Law"),
    NamedNode("https://example.org/a?b=c&d=<e>".replace("<", "%3C").replace(">", "%3E")),
    NamedNode("https://example.org/page#"),
    node("passage:timesca-ai-pursuit.4"),
    Literal('Закон "Об ИИ" \\ с новой\nстрокой и\tтабуляцией', language="ru"),
    Literal("carriage\rreturn & <tag> ]]>"),
    Literal("  spaces  "),
    Literal(""),
    literal("007", "xsd:integer"),
    literal("-12", "xsd:integer"),
    literal("1.50", "xsd:decimal"),
    literal("1.", "xsd:decimal"),
    literal("true", "xsd:boolean"),
    literal("1", "xsd:boolean"),
    literal("1e3", "xsd:double"),
    literal("2023-22", "edtf:EDTF"),
    literal("2025", "xsd:gYear"),
    Literal("x", datatype=NamedNode("https://example.org/type")),
    Literal("a^^b"),
]
QUADS = [
    *(Quad(LAW, node("aip:value"), value, GRAPH.accepted) for value in VALUES),
    Quad(LAW, node("rdf:type"), node("aip:Law"), GRAPH.accepted),
    Quad(LAW, NamedNode("https://example.org/other#p"), Literal("o"), GRAPH.accepted),
    Quad(LAW, NamedNode("https://example.org/other#p-1.x"), Literal("o"), GRAPH.accepted),
    Quad(node("source:x"), node("dcterms:title"), Literal("A title", language="en"), GRAPH.sources),
    Quad(LAW, node("rdf:type"), node("aip:Law"), node("assertion:timesca-ai-pursuit.4")),
    Quad(LAW, node("aip:country"), node("id:kz")),
]
NAMED = [quad for quad in QUADS if str(quad.graph_name) != "DEFAULT"]
ACCEPTED = [quad for quad in QUADS if quad.graph_name == GRAPH.accepted]


def written(quads: list[Quad], name: str) -> bytes:
    return serialise(quads, name)


def as_rdflib_reads(quads: list[Quad], name: str) -> set[Quad]:
    """The quads as rdflib reads them: in Turtle and TriG it takes a bare 007 for 7, which is the same value."""
    if RDFLIB[name] not in ("turtle", "trig"):
        return set(quads)
    shown = {literal("007", "xsd:integer"): literal("7", "xsd:integer")}
    return {Quad(q.subject, q.predicate, shown.get(q.object, q.object), q.graph_name) for q in quads}  # type: ignore[arg-type]


def from_rdflib(term: rdflib.term.Node) -> NamedNode | Literal:
    if isinstance(term, rdflib.Literal):
        return Literal(str(term), language=term.language, datatype=_datatype(term))
    return NamedNode(str(term))


def _datatype(term: rdflib.Literal) -> NamedNode | None:
    return NamedNode(str(term.datatype)) if term.datatype and not term.language else None


@pytest.fixture
def exact_literals(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib, unless told not to, rewrites "007" to "7" when it reads it."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.parametrize("name", WHOLE)
def test_whole_dataset_reads_back_in_oxigraph(name: str) -> None:
    assert set(parse(written(QUADS, name), format=OXIGRAPH[name])) == set(QUADS)


@pytest.mark.parametrize("name", FLAT)
def test_accepted_view_reads_back_in_oxigraph(name: str) -> None:
    read = {quad.triple for quad in parse(written(ACCEPTED, name), format=OXIGRAPH[name])}
    assert read == {quad.triple for quad in ACCEPTED}


@pytest.mark.parametrize("name", FLAT)
@pytest.mark.usefixtures("exact_literals")
def test_accepted_view_reads_back_in_rdflib(name: str) -> None:
    graph = rdflib.Graph().parse(data=written(ACCEPTED, name), format=RDFLIB[name])
    read = {Triple(from_rdflib(s), NamedNode(str(p)), from_rdflib(o)) for s, p, o in graph}
    assert read == {quad.triple for quad in as_rdflib_reads(ACCEPTED, name)}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.usefixtures("exact_literals")
def test_whole_dataset_reads_back_in_rdflib(name: str) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=written(NAMED, name), format=RDFLIB[name])
    read = {
        Quad(from_rdflib(s), NamedNode(str(p)), from_rdflib(o), NamedNode(str(g))) for s, p, o, g in dataset.quads()
    }
    assert read == as_rdflib_reads(NAMED, name)


def test_jsonld_expands_and_reads_back_in_pyld() -> None:
    document = json.loads(written(NAMED, "jsonld"))
    assert jsonld.expand(document)
    nquads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    rewritten = literal("1e3", "xsd:double")  # PyLD writes doubles in canonical form
    read = set(parse(nquads, format=RdfFormat.N_QUADS))
    assert len(read) == len(NAMED)
    assert read >= {quad for quad in NAMED if quad.object != rewritten}


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_order_and_repetition_of_the_input_do_not_matter(name: str) -> None:
    assert written(ACCEPTED, name) == written([*reversed(ACCEPTED), *ACCEPTED], name)


@pytest.mark.parametrize("name", GRAPH_FORMATS)
def test_no_quads_is_a_valid_file(name: str) -> None:
    assert list(parse(written([], name), format=OXIGRAPH[name])) == []


def test_two_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    data = tmp_path / "data.nq"
    data.write_bytes(written(NAMED, "nquads"))
    script = (
        "import sys; from pyoxigraph import parse; from kg.export import serialise\n"
        "quads = set(parse(path=sys.argv[1]))\n"
        "for name in sys.argv[2:]: sys.stdout.buffer.write(serialise(quads, name))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script, str(data), *GRAPH_FORMATS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(outputs) == 1
    assert len(outputs.pop()) > 1000


def test_turtle_is_for_people() -> None:
    quads = [
        Triple(LAW, node("rdfs:label"), Literal("Law on AI", language="en")),
        Triple(LAW, node("rdfs:label"), Literal("Закон об ИИ", language="ru")),
        Triple(LAW, node("rdf:type"), node("aip:Law")),
        Triple(LAW, node("aip:country"), node("id:kz")),
    ]
    text = serialise(quads, "turtle").decode()
    assert text.endswith(
        '\nid:kz-law-on-ai a aip:Law ;\n\trdfs:label "Law on AI"@en , "Закон об ИИ"@ru ;\n\taip:country id:kz .\n'
    )


iris = st.from_regex(
    r"https://w3id\.org/ca-ai-policy/(id|ontology)/[A-Za-z0-9._~!$&'()*+,;=:@%-]{0,12}", fullmatch=True
)
texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40)


@given(st.lists(st.tuples(iris, texts, st.sampled_from(["en", "uz-Latn", None])), max_size=8))
def test_any_name_and_text_survives(rows: list[tuple[str, str, str | None]]) -> None:
    quads = [
        Quad(NamedNode(iri), node("rdfs:label"), Literal(text, language=language), GRAPH.accepted)
        for iri, text, language in rows
        if "%" not in iri
    ]
    for name in WHOLE:
        assert set(parse(written(quads, name), format=OXIGRAPH[name])) == set(quads)
    for name in FLAT:
        read = {quad.triple for quad in parse(written(quads, name), format=OXIGRAPH[name])}
        assert read == {quad.triple for quad in quads}


def test_rdfxml_refuses_what_xml_cannot_hold() -> None:
    with pytest.raises(FormatError, match=r"U\+0007"):
        written([Quad(LAW, node("rdfs:label"), Literal("\x07"))], "rdfxml")
    with pytest.raises(FormatError, match="cannot write the predicate"):
        written([Quad(LAW, NamedNode("https://example.org/1"), Literal("x"))], "rdfxml")


def test_prefixed_names_are_those_every_parser_reads() -> None:
    assert prefixed(expand("passage:timesca-ai-pursuit.4")) == "passage:timesca-ai-pursuit.4"
    assert prefixed(expand("id:kz-ai-concept--adopted-1")) == "id:kz-ai-concept--adopted-1"
    for odd in (
        PREFIXES["id"],
        PREFIXES["id"] + "a.",
        PREFIXES["id"] + "a/b",
        PREFIXES["id"] + "a:b",
        "urn:x",
    ):
        assert prefixed(odd) is None


def test_formats_are_found_by_name_extension_or_media_type() -> None:
    assert get_format("turtle") is get_format("ttl") is get_format("text/turtle")
    assert all(serialise([], name) is not None for name in GRAPH_FORMATS)
    with pytest.raises(UsageError) as caught:
        get_format("excel")
    assert "turtle" in str(caught.value.hint)


def test_published_is_the_accepted_view_or_the_whole() -> None:
    store = Store()
    store.extend(NAMED)
    accepted = set(published(store, "turtle"))
    assert {quad.graph_name for quad in accepted} == {GRAPH.accepted}
    assert len(accepted) == len(ACCEPTED) - 1  # the engine keeps numbers by value: true and 1 are one
    assert set(published(store, "trig")) == set(store)


def test_a_store_gives_a_format_what_it_can_hold(tmp_path: Path) -> None:
    store = Store()
    store.extend(NAMED)
    size = export(store, "turtle", tmp_path / "a.ttl")
    assert (tmp_path / "a.ttl").read_bytes() == written(list(published(store, "turtle")), "turtle")
    assert (tmp_path / "a.ttl").stat().st_size == size


def test_the_context_for_people_has_the_prefixes_of_the_exports() -> None:
    context = json.loads((Path(__file__).parent.parent / "ontology" / "context.jsonld").read_text("utf-8"))
    prefixes = {name: value for name, value in context["@context"].items() if str(value).endswith(("/", "#"))}
    assert len(prefixes) > 10
    assert prefixes.items() <= PREFIXES.items()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "graph.rdf"
    export(ACCEPTED, "rdfxml", out)
    first = out.read_bytes()
    with pytest.raises(FormatError, match=r"U\+0007"):
        export([*ACCEPTED, Quad(LAW, node("rdfs:label"), Literal("\x07"))], "rdfxml", out)
    assert out.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["graph.rdf"]
    assert out.stat().st_mode & 0o444


def test_an_unwritable_path_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        export(ACCEPTED, "turtle", tmp_path / "missing" / "graph.ttl")


def test_an_open_file_is_written_to() -> None:
    out = io.BytesIO()
    assert export(ACCEPTED, "ntriples", out) == len(out.getvalue())
    assert out.getvalue().count(b"\n") == len(ACCEPTED)
