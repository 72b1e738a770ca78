"""Search in any language and script: as a page, as JSON, and as suggestions while one types."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, jsonify, redirect, render_template, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as BaseResponse

from kg.identifiers import find_iri
from kg.namespaces import local_name
from kg.search.kinds import KINDS
from kg.terms import AIP, GRAPH, RDF, SKOS, Term
from web.addresses import absolute
from web.answers.arguments import integer, searchable, several_of, single
from web.locale import language
from web.search import Filter, Hit, Offer, Results, index_of, offers
from web.search.marking import Part, excerpt
from web.snapshot import snapshot
from web.ui_labels import heading, labels_of
from web.views.html.shared.forms import page_start, this_address
from web.views.html.shared.lookup import SOURCES, countries, first, node
from web.views.html.shared.terms import Name, href, name

PAGE_SIZE = 30
YEARS = (1000, 9999)
"""The years that a search may be narrowed to."""
MAX_SUGGESTIONS, MAX_SUGGESTED_QUESTIONS = 8, 2
EXAMPLES = (
    *("fine for unlawful use of personal data", "overdue Uzbekistan", "жасанды интеллект", "sun’iy intellekt"),
    *("зеҳни сунъӣ", "санариптик", "Türkmenaragatnaşyk", "суперкомпьютер", "PP-358"),
)
_NO_SUGGESTION = {"passage", "source"}


@dataclass(frozen=True)
class Result:
    """A search result as the list shows it.

    :param other: the name that fits, where it is not the one shown
    :param parts: what is said of it, with the words that match marked
    :param locator: where in its source a passage is
    """

    hit: Hit
    thing: NamedNode
    title: Name
    kind: Term | None
    other: Name | None
    parts: tuple[Part, ...]
    locator: Term | None = None


@dataclass(frozen=True)
class Question:
    """A canned query that may answer a search.

    :param conditions: what of the search is filled in: the heading and the value of each parameter
    """

    title: str
    address: str
    conditions: tuple[tuple[str, str], ...]


def search() -> str | BaseResponse:
    """What matches, the best first, with facets, and the questions it may mean; of an IRI or address, its page."""
    text = _text()
    thing = find_iri(snapshot().store, text) if ":" in text else None
    if thing is not None and (page := href(thing)):
        return redirect(page, 303)
    where = _where()
    index = index_of(snapshot())
    results = index.find(text, where) if text else Results()
    start = page_start(PAGE_SIZE, len(results.hits))
    return render_template(
        "pages/search.html",
        text=text,
        where=where,
        results=[_result(hit, text, results.corrected) for hit in results.hits[start : start + PAGE_SIZE]],
        questions=[_question(offer) for offer in offers(snapshot(), text)] if not start else [],
        unknown=results.unknown,
        not_searched=results.not_searched,
        count=len(results.hits),
        kinds=[(kind, title, results.kinds[kind]) for kind, title in labels_of("search_groups").items()],
        countries=[(country, results.countries[country.code]) for country in countries()],
        years=sorted(results.years),
        total=sum(results.kinds.values()),
        labels=labels_of("search_group_one"),
        address=this_address,
        start=start,
        size=PAGE_SIZE,
        searched=index.size,
        examples=EXAMPLES,
    )


def as_json() -> Response:
    """The same as JSON, in parts of the same size."""
    text = _text()
    results = index_of(snapshot()).find(text, _where()) if text else Results()
    start = page_start(PAGE_SIZE, len(results.hits))
    response = jsonify(
        query=text,
        total=len(results.hits),
        start=start,
        unknown=results.unknown,
        notSearched=results.not_searched,
        questions=[
            {
                "question": offer.query.slug,
                "title": offer.query.title(language()),
                "parameters": dict(offer.given),
                "url": absolute(_question(offer).address),
            }
            for offer in offers(snapshot(), text)
        ],
        facets={
            "kind": {kind: count for kind in KINDS if (count := results.kinds[kind])},
            "country": dict(results.countries),
            "year": {str(year): results.years[year] for year in sorted(results.years)},
        },
        results=[_json(_result(hit, text, results.corrected)) for hit in results.hits[start : start + PAGE_SIZE]],
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def suggest() -> Response:
    """Names and questions that begin with what is typed, as OpenSearch Suggestions: texts, notes, addresses."""
    text = _text()
    where = Filter(frozenset(KINDS) - _NO_SUGGESTION, names_only=True)
    hits = index_of(snapshot()).search(text, where)[:MAX_SUGGESTIONS] if len(text) > 1 else []
    kinds = labels_of("search_group_one")
    rows = [(hit.name, kinds[hit.group], absolute(href(hit.iri) or "")) for hit in hits]
    questions = [_question(offer) for offer in offers(snapshot(), text)[:MAX_SUGGESTED_QUESTIONS]]
    rows[1:1] = [
        (one.title, "; ".join(value for _h, value in one.conditions), absolute(one.address)) for one in questions
    ]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    response = jsonify([text, *map(list, columns)])
    response.mimetype = "application/x-suggestions+json"
    response.headers["Cache-Control"] = "private, max-age=60"
    return response


def _text() -> str:
    return searchable(single("q"), "q")


def _where() -> Filter:
    """What the address narrows the search to.

    :raises ParameterError: if a value means nothing
    """
    codes = [country.code for country in countries()]
    years = integer("from", None, *YEARS), integer("to", None, *YEARS)
    return Filter(several_of("kind", KINDS), several_of("country", codes), *years)


def _result(hit: Hit, text: str, corrected: Mapping[str, tuple[str, ...]]) -> Result:
    thing = NamedNode(hit.iri)
    title = name(first(thing, AIP.inSource, SOURCES)) if hit.group == "passage" else name(thing)
    other = Name(hit.name, hit.language) if hit.name not in (title.text, "") and hit.group != "passage" else None
    parts = excerpt(hit.text, text, corrected) if hit.text else []
    locator = first(thing, AIP.locator, SOURCES) if hit.group == "passage" else None
    return Result(hit, thing, title, _kind(thing, hit.group), other, tuple(parts), locator)


def _kind(thing: NamedNode, group: str) -> Term | None:
    if group == "source":
        return first(thing, AIP.sourceKind, SOURCES)
    if group == "concept":
        return first(thing, SKOS.inScheme)
    if group == "provision":
        return first(thing, AIP.provisionOf)
    return first(thing, RDF.type, GRAPH.registry)


def _question(offer: Offer) -> Question:
    conditions = tuple((heading(key), _value(value)) for key, value in offer.given.items())
    address = url_for("query_api.answer", slug=offer.query.slug, **offer.given)  # type: ignore[arg-type]  # typed as its options
    return Question(offer.query.title(language()), address, conditions)


def _value(value: str) -> str:
    """A value of a parameter for people: the name of a node, or the date itself."""
    for prefix in ("id", "concept", "aip"):
        label = name(node(f"{prefix}:{value}")).text if ":" not in value else ""
        if label and label != f"{prefix}:{value}":
            return label
    return value


def _json(result: Result) -> dict[str, object]:
    hit = result.hit
    record: dict[str, object] = {
        "iri": hit.iri,
        "url": absolute(href(hit.iri) or ""),
        "kind": hit.group,
        "type": local_name(result.kind.value) if isinstance(result.kind, NamedNode) else None,
        "label": result.title.text,
        "language": result.title.tag,
        "matched": hit.name,
        "exact": hit.exact,
        "countries": list(hit.countries),
        "years": list(hit.years),
        "score": round(hit.score, 3),
    }
    if result.parts:
        record["excerpt"] = [{"text": part.text, "match": part.is_match} for part in result.parts]
        record["excerptLanguage"] = hit.text_language
    return record
