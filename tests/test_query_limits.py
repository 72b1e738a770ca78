"""The scan of a query: what it refuses, where the row cap goes, and that no text confuses it for long."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from kg.errors import QueryError
from kg.query import load_queries
from web.engine.limits import Limits, RefusedError
from web.engine.query_limits import cap_rows, check, unescape
from web.engine.scanner import Scan, scan

QUERIES = load_queries(Path(__file__).resolve().parent.parent / "queries")
WORDS = [
    *(
        "SELECT",
        "ASK",
        "CONSTRUCT",
        "DESCRIBE",
        "WHERE",
        "FILTER",
        "EXISTS",
        "NOT",
        "OPTIONAL",
        "UNION",
        "VALUES",
        "IN",
    ),
    *("LIMIT", "OFFSET", "ORDER", "BY", "GRAPH", "FROM", "BIND", "AS", "SERVICE", "PREFIX", "BASE", "a", "CONCAT"),
    *("{", "}", "(", ")", "[", "]", ".", ";", ",", "*", "/", "|", "^", "!", "<", ">", "=", "&&", "||", "+", "-", "^^"),
    *("?s", "?p", "?o", "<urn:a>", "<'>", "aip:of", "'text'", '"""long"""', "'", '"', "1", "2.5", "# c\n", "\n", "@en"),
    *("\\u0053", "\\", "\0", "é", "𐍈", "<", "'''", "LIMIT 5", "10"),
]
texts = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join) | st.text(max_size=300)


@given(texts)
@settings(max_examples=400)
def test_any_text_is_scanned_or_refused(text: str) -> None:
    try:
        seen = check(text)
    except QueryError:
        return
    capped = cap_rows(text, seen, 7)
    again = check(capped)
    assert again.form == seen.form
    if seen.form != "SELECT":
        assert capped == text
    elif reads(capped):
        assert again.limit is not None
        assert again.limit <= 7


@given(texts)
@settings(max_examples=300)
def test_a_capped_query_means_the_same_to_the_engine(text: str) -> None:
    """What the engine reads without the cap it reads with it; what it refuses it goes on refusing."""
    try:
        seen = check(text)
    except QueryError:
        return
    assert reads(text) == reads(cap_rows(text, seen, 7))


def reads(text: str) -> bool:
    try:
        Store().query(text, prefixes={"aip": "urn:aip:"})
    except (SyntaxError, ValueError):
        return False
    return True


@pytest.mark.parametrize("slug", QUERIES)
def test_canned_queries_may_be_pasted(slug: str) -> None:
    assert check(QUERIES[slug].text).form in ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")


CAPS = [
    ("SELECT * { ?s ?p ?o }", "LIMIT 7"),
    ("SELECT * { ?s ?p ?o } LIMIT 5", "LIMIT 5"),
    ("SELECT * { ?s ?p ?o } LIMIT 500 OFFSET 3", "LIMIT 7 OFFSET 3"),
    ("SELECT * { ?s ?p ?o } OFFSET 3 LIMIT 500", "OFFSET 3 LIMIT 7"),
    ("SELECT * { ?s ?p ?o } # LIMIT 5", "# LIMIT 5\nLIMIT 7"),
    ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 5 } }", "}\nLIMIT 7"),
    ("SELECT * { ?s ?p ?o } ORDER BY ?s VALUES ?s { <urn:a> }", "LIMIT 7\nVALUES"),
    ("SELECT ('LIMIT 5' AS ?x) {}", "LIMIT 7"),
    ("SELECT * { VALUES ?s { 1 } ?s ?p ?o }", "?o }\nLIMIT 7"),
]


@pytest.mark.parametrize(("text", "part"), CAPS)
def test_the_cap_stands_where_a_limit_may(text: str, part: str) -> None:
    capped = cap_rows(text, check(text), 7)
    assert part in capped
    assert reads(capped)


def test_what_needs_no_cap_stays() -> None:
    for text in ("ASK { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "DESCRIBE <urn:a>"):
        assert cap_rows(text, check(text), 7) == text


LOOK_UPS = [
    "ASK {}",
    "SELECT * { <urn:a> ?p ?o }",
    "SELECT ?l WHERE { id:kz rdfs:label ?l } LIMIT 5",
    "PREFIX a: <urn:a> SELECT * { a:x a:p ?o ; a:q ?r }",
    "SELECT * { GRAPH ?g { <urn:a> ?p ?o } }",
    "DESCRIBE <urn:a>",
    "CONSTRUCT { <urn:a> ?p ?o } { <urn:a> ?p ?o }",
    'SELECT DISTINCT ?l { GRAPH graph:accepted { id:kz rdfs:label ?l } FILTER(LANG(?l) = "en" || !BOUND(?l)) }',
]
NOT_LOOK_UPS = [
    "SELECT * { ?s ?p ?o }",
    "SELECT * { <urn:a> ?p ?o . ?o ?q ?r }",
    "SELECT * { <urn:a> <urn:p>* ?o }",
    "SELECT * { <urn:a> ?p ?o } ORDER BY ?o",
    "SELECT (COUNT(*) AS ?n) { <urn:a> ?p ?o }",
    "SELECT * { <urn:a> ?p ?o FILTER(?o > 1) }",
    "SELECT * { <urn:a> ?p ?o . <urn:a> ?q ?r . <urn:a> ?t ?u . <urn:a> ?v ?w }",
    "ASK { [] ?p ?o }",
    "DESCRIBE ?x { ?x ?p ?o }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH ?g { <urn:a> ?p ?o } ?s ?q ?r }",
    "SELECT * { { <urn:a> ?p ?o } ?s ?q ?r }",
    "SELECT * { <urn:a> ?p ?o FILTER(1 = 1) ?s ?q ?r }",
    "SELECT * { <urn:a> ?p ?o FILTER EXISTS { <urn:a> ?q ?r } }",
    "SELECT * { <urn:a> ?p ?o FILTER(REGEX(?o, 'a')) }",
    "SELECT * { <urn:a> ?p ?o . ?s ?q ?r }",
    "SELECT * { <urn:a> ?p (1 2) }",
    "SELECT * { (<urn:a>) ?p ?o }",
    "SELECT * { <urn:a> a (1 2) }",
    "SELECT * { <urn:a> ?p 1, (1 2) }",
    "SELECT * { <urn:a> ?p [ ?q ?r ] }",
]


@pytest.mark.parametrize("text", LOOK_UPS)
def test_look_ups_are_known(text: str) -> None:
    assert check(text).is_lookup


@pytest.mark.parametrize("text", NOT_LOOK_UPS)
def test_what_may_take_long_is_no_look_up(text: str) -> None:
    assert not check(text).is_lookup


REFUSED = {
    "SELECT * { SERVICE <urn:a> {} }": "service",
    "SELECT * { \\u0053ervice <urn:a> {} }": "service",
    "SELECT * { FILTER(?a<'>') SERVICE <urn:a> {} FILTER(?b = 'x') }": "service",
    "SELECT * { FILTER(?x IN(a:b,'x'))SERVICE <urn:a> { } FILTER(?y='') }": "service",
    "INSERT DATA {}": "update",
    "\\u004COAD <urn:a>": "update",
    "ASK " + "{" * 61: "too-deep",
    "ASK {}" + " " * 300_000: "too-long",
    "ASK { VALUES ?x { " + "1 " * 25_001 + "} }": "too-many",
    "ASK { VALUES (?x ?y) { " + "(1 2) " * 12_501 + "} }": "too-many",
    "ASK { FILTER(?x IN (" + "1, " * 2_000 + "1)) }": "too-many",
    "ASK { " + "?s ?p ?o . " * 151 + "}": "too-many",
    "ASK { ?s ?p " + "?o ," * 151 + "?o }": "too-many",
    "ASK { ?s ?p (" + "1 " * 160 + ") }": "too-many",
    "SELECT (" + "!" * 30 + "true AS ?x) {}": "too-many",
    "SELECT ('\\uD800' AS ?x) {}": "bad-escape",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
def test_refused(text: str) -> None:
    with pytest.raises(RefusedError) as caught:
        check(text)
    assert caught.value.reason == REFUSED[text]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ('SERVICE <urn:a> {}' AS ?x) {}",
        "SELECT * { ?s <urn:SERVICE> ?o } # SERVICE",
        "SELECT * { ?s aip:SERVICE ?service }",
        "ASK { ?s ?p 'INSERT DATA' }",
        "SELECT * { ?s ?p 'it\\'s', \"{{{{\" }",
        "SELECT * { FILTER(?a < 1 && ?b > 2) }",
    ],
)
def test_words_in_strings_names_and_comments_are_only_words(text: str) -> None:
    assert check(text).form


def test_dataset_and_volatility_are_seen() -> None:
    assert check("ASK FROM <urn:g> {}").own_dataset
    assert not check("ASK { ?from ?p 'FROM' }").own_dataset
    assert check("SELECT (now() AS ?x) {}").volatile
    assert not check("SELECT ?now {}").volatile


def test_a_scan_is_linear() -> None:
    pieces = ["a.", "'", '"""', "<", "<'", "\\", "(", "a:", "1.", "?x ", "'\"", "^", "a-", "# "]
    for piece in pieces:
        text = piece * (90_000 // len(piece))
        begin = time.process_time()
        with contextlib.suppress(RefusedError):
            scan(text, Limits(depth=10**6, terms=10**6, patterns=10**6, path=10**6, chain=10**6, unary=10**6))
        assert time.process_time() - begin < 1.5, piece


def test_escapes() -> None:
    assert unescape("\\u0041\\U0001F600b") == "A😀b"
    assert scan("ASK {}") == Scan("ASK", modifiers_end=6, is_lookup=True, accepted_only=True)
