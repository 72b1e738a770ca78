"""Questions to the record as it is on its day, answered in short names."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg.namespaces import PREFIXES, shorten
from kg.query import bind, choices_from, load_queries, run
from tests.served import RECORD_DAY, ROOT, record

QUERIES = load_queries(ROOT / "queries")
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def select(text: str) -> list[tuple[str, ...]]:
    """The rows of a SELECT on the accepted view, IRIs shortened."""
    results = record().query(PROLOGUE + text, default_graph=[NamedNode(PREFIXES["graph"] + "accepted")])
    assert isinstance(results, QuerySolutions)
    return [tuple(_short(term) for term in row) for row in results]


def _short(term: object) -> str:
    if isinstance(term, Literal):
        return term.value
    return shorten(term.value) if isinstance(term, NamedNode) else ""


def ask(slug: str, **values: str) -> list[dict[str, str]]:
    """The rows of a canned query on the day of the record."""
    store = record()
    text = bind(QUERIES[slug], values, choices_from(store), RECORD_DAY)
    results = run(store, text)
    assert isinstance(results, QuerySolutions)
    names = [variable.value for variable in results.variables]
    return [dict(zip(names, map(_short, row), strict=True)) for row in results]


def status(thing: str) -> tuple[str, ...]:
    """The current status of a thing, its first day, and what dates it."""
    rows = select(
        f"SELECT ?s ?from ?basis {{ {thing} aip:currentStatus ?s . ?p aip:of {thing} ; aip:status ?s ;"
        " aip:fromEarliest ?from ; aip:basis ?basis . OPTIONAL { ?p aip:untilLatest ?end }"
        ' FILTER(?from <= "2026-11-30"^^xsd:date && COALESCE(?end >= "2026-11-30"^^xsd:date, true)) }'
    )
    return tuple(value.removeprefix("concept:status-").removeprefix("concept:basis-") for value in (rows or [()])[0])


def states(aim: str) -> set[str]:
    """The current states of an aim."""
    rows = select(f"SELECT ?s {{ {aim} aip:currentState ?s }}")
    return {state.removeprefix("concept:state-") for (state,) in rows}


def holders(post: str) -> set[str]:
    """Who holds a post."""
    return {person.partition("-person-")[2] for (person,) in select(f"SELECT ?p {{ {post} aip:currentHolder ?p }}")}


def searched(thing: str) -> bool:
    """Whether a search about a thing is recorded that found nothing."""
    pattern = "?record aip:about ?thing ; aip:result concept:coverage-not-found"
    results = record().query(PROLOGUE + f"ASK {{ GRAPH graph:coverage {{ {pattern.replace('?thing', thing)} }} }}")
    return bool(results)
