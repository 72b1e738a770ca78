"""Parameters of addresses: what an address does not read, or a value that means nothing, is refused everywhere and in
every format, with what is allowed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from tests.explorer import application
from web.answers.arguments import MAX_CHARACTERS
from web.site.routes import ROUTES, Route

JSON, TURTLE, CSV, PAGE = "application/json", "text/turtle", "text/csv", "text/html"
EXAMPLES = {
    "slug": "targets",
    "code": "kz",
    "name": "kz-law-on-ai",
    "version": "1.0.0",
    "suffix": "ttl",
    "kind": "id",
}
OF_THEIR_OWN = {"sparql.sparql", "agents.mcp", "ops.health", "ops.ready", "ops.metrics"}
"""Protocols and probes, where clients may send more."""
ADDRESSES = {
    "pages.chart": "/chart/index-ranks.svg",
    "pages.embed": "/embed/index-ranks",
    "pages.recipe": "/cookbook/r.R",
    "linked_data.namespace": "/concept/",
    "downloads.download": "/download/graph.nq",
    "downloads.data": "/data/graph.nq",
    "releases.file": "/release/1.0.0/manifest.json",
    "help.problem": "/help/problems/busy",
}
FREE = {"q", "back", "default", "format"}
"""Parameters that take any text or none, and the format, which has a test of its own."""


def address(route: Route) -> str:
    """An address that a route answers at."""
    path = ADDRESSES.get(route.endpoint, route.rule)
    for name, value in EXAMPLES.items():
        path = path.replace(f"<{name}>", value)
    return path


def plain_routes() -> Iterator[Route]:
    """The routes for reading without a protocol of their own, one of each endpoint."""
    seen = set()
    for route in ROUTES:
        is_plain = route.endpoint not in (OF_THEIR_OWN | seen) and not route.endpoint.startswith("reconcile.")
        if is_plain and "GET" in route.methods and "any(" not in address(route) and "<" not in address(route):
            seen.add(route.endpoint)
            yield route


def refused(path: str, accept: str, *named: str) -> None:
    """That an address is refused and the answer names all of these."""
    response = application().test_client().get(path, headers={"Accept": f"{accept}, */*;q=0.1"})
    assert response.status_code == 400, (path, accept, response.status_code)
    text = response.get_data(as_text=True)
    assert all(name in text for name in named), (path, accept, named)


@pytest.mark.parametrize("route", list(plain_routes()), ids=lambda route: route.endpoint)
def test_no_address_ignores_what_it_does_not_read(route: Route) -> None:
    for accept in (PAGE, JSON):
        refused(f"{address(route)}?nonesuch=1", accept, "nonesuch")
        refused(f"{address(route)}?as_of=2026-01-01", accept, "as_of")
        refused(f"{address(route)}?lang=xx", accept, "xx", "kk")
        refused(f"{address(route)}?theme=xx", accept, "xx", "dark")


@pytest.mark.parametrize("route", list(plain_routes()), ids=lambda route: route.endpoint)
def test_no_address_ignores_a_value_that_means_nothing(route: Route) -> None:
    given = {"pages.evidence": "s=id:kz-law-on-ai&p=aip:country&", "query_api.search": "q=ai&"}.get(route.endpoint, "")
    for name in set(route.takes or ()) - FREE:
        for value in ("\u202enonesuch", "2026-02-30", "-1"):
            refused_or_unknown(f"{address(route)}?{given}{name}={quote(value)}")


def refused_or_unknown(path: str) -> None:
    """That an address is refused, or says that there is no such thing."""
    response = application().test_client().get(path, headers={"Accept": f"{PAGE}, */*;q=0.1"})
    assert response.status_code in (400, 404), (path, response.status_code)


QUESTION_PAGES = ("/targets", "/timeline", "/network", "/sources", "/new", "/disagreements", "/query/targets")
OF_TABLES = {
    "/targets": {"sort": "target", "column": "due", "page": "1"},
    "/timeline": {"sort": "what", "column": "stage"},
    "/sources": {"year": "2025", "page": "1"},
    "/new": {"page": "1"},
    "/query/targets": {"sort": "-country", "column": "country", "limit": "5", "offset": "3"},
}
"""What pages of questions read beside the parameters of their question, with a value of each."""


@pytest.mark.parametrize("page", QUESTION_PAGES)
def test_pages_of_questions_refuse_what_they_do_not_read(page: str) -> None:
    refused(f"{page}?nonesuch=1", PAGE, "nonesuch")
    refused(f"{page}?lang=xx", PAGE, "xx", "kk")
    refused(f"{page}?format=nonesuch", PAGE)
    for name in OF_TABLES.get(page, ()):
        refused(f"{page}?{name}=nonesuch", PAGE, "nonesuch")


def test_what_pages_of_questions_read_is_allowed() -> None:
    for page, given in OF_TABLES.items():
        answers(f"{page}?{urlencode(given)}", PAGE, 200)
    answers("/query/targets?column=all", PAGE, 200)


@pytest.mark.parametrize("form", [PAGE, CSV, JSON])
def test_a_question_refuses_values_in_every_format(form: str) -> None:
    for name in ("country", "state", "topic", "focus", "dueFrom", "asOf", "limit", "offset", "bom", "lang", "format"):
        refused(f"/query/targets?{name}=2026-02-30", form, "2026-02-30")
    refused("/query/targets?asOf=2026-01-01&asOf=2026-01-02", form)


def test_an_address_is_not_asked_for_two_formats() -> None:
    for path in ("/query/targets.csv?format=json", "/id/kz-law-on-ai.ttl?format=trig", "/ontology.ttl?format=html"):
        refused(path, PAGE, "format=")
    for path in ("/query/targets.csv?format=csv", "/id/kz-law-on-ai.ttl?format=turtle"):
        answers(path, PAGE, 200)


def test_things_refuse_in_each_format_what_it_does_not_show() -> None:
    refused("/id/kz-law-on-ai?asOf=2026-01-01", TURTLE, "asOf")
    refused("/id/kz-law-on-ai?links=0", PAGE, "links")
    refused("/id/kz-law-on-ai?links=nonesuch", TURTLE, "nonesuch")
    refused("/concept/topic-education?page=2", PAGE, "page")
    refused("/source/law-at?page=2", PAGE, "page")
    refused("/query/targets?country=kz", TURTLE, "country")  # which describes the question, not its answer


def test_no_page_is_beyond_the_last() -> None:
    for path in ("/targets", "/sources", "/new", "/search?q=ai", "/source/wipo-gii-2021-2025"):
        refused(f"{path}{'&' if '?' in path else '?'}page=9999", PAGE, "from 1 to")


def test_a_chart_has_the_countries_that_are_asked_for() -> None:
    both, one = (
        application().test_client().get(f"/chart/index-ranks.svg?{countries}").get_data(as_text=True)
        for countries in ("country=kz&country=uz", "country=kz")
    )
    assert "Uzbekistan" in both
    assert "Uzbekistan" not in one


def test_what_others_add_to_links_is_no_parameter() -> None:
    for path in ("/", "/targets", "/country/kz", "/id/kz-law-on-ai", "/query/targets.csv"):
        answers(f"{path}?utm_source=telegram&fbclid=x&yclid=1&ref=x", PAGE, 200)


def test_the_page_of_a_country_keeps_the_day_that_its_iri_is_asked_for() -> None:
    response = application().test_client().get("/id/kz?asOf=2020-01-01", headers={"Accept": PAGE})
    assert response.headers["Location"].endswith("/country/kz?asOf=2020-01-01")


def test_the_editor_says_what_is_wrong_as_an_error() -> None:
    refused("/editor?question=nonesuch", PAGE, "nonesuch")
    refused("/editor?question=targets&country=nonesuch", PAGE, "nonesuch")
    refused("/editor?question=targets&nonesuch=1", PAGE, "nonesuch")
    refused("/editor?query=" + "x" * 20_001, PAGE, "20,000")


@pytest.mark.parametrize("path", ["/query/", "/data/", "/release/", "/release/1.0.0/", "/diff"])
def test_json_is_asked_for_by_either_name(path: str) -> None:
    for name in ("json", "rows"):
        answers(f"{path}?format={name}", PAGE, 200)


def test_pages_lead_to_no_address_that_is_refused() -> None:
    client, links = application().test_client(), {}
    for path in ("/", "/country/kz", "/id/kz-law-on-ai", "/targets", "/timeline", "/sources", "/search?q=law", "/diff"):
        page = client.get(path, headers={"Accept": PAGE}).get_data(as_text=True)
        for link in re.findall(r'(?:href|src)="(?:http://localhost)?(/[^/"][^"]*[?][^"]*)"', page):
            where, _, given = html.unescape(link).partition("?")
            links[where.split("/")[1], *sorted(dict(parse_qsl(given)))] = html.unescape(link)
    assert len(links) > 20
    for link in links.values():
        answers(link, f"{PAGE}, */*;q=0.1", 200, 303)


def answers(path: str, accept: str, *expected: int) -> None:
    with application().test_client().get(path, headers={"Accept": accept}) as response:
        assert response.status_code in expected, (path, response.status_code)


def test_a_day_is_written_in_one_way_everywhere() -> None:
    for text in ("20260101", "2026-W01-1", "2026-1-1", "\u0662\u0660\u0662\u0666-01-01"):
        for path in ("/country/kz?asOf=", "/id/kz-law-on-ai?asOf=", "/query/targets?asOf=", "/query/targets?asKnown="):
            refused(path + quote(text), PAGE)


def test_what_is_given_back_does_not_turn_the_text_around_it() -> None:
    turn = "\u202e"
    for path in (
        "/id/{}kz",
        "/country/{}kz",
        "/query/{}kz",
        "/targets?{}=1",
        "/targets?country={}",
        "/search?q={}zzzzq",
    ):
        text = (
            application().test_client().get(path.format(quote(turn)), headers={"Accept": PAGE}).get_data(as_text=True)
        )
        assert "202E" in text.upper(), path
        assert turn not in re.sub('value="[^"]*"|href="[^"]*"', "", text), path


@pytest.mark.parametrize("host", ["x" * 64, "a..b", ".", "x" * 300 + ":80"])
def test_a_host_that_can_be_none_is_refused(host: str) -> None:
    for accept in (PAGE, JSON):
        response = application().test_client().get("/about", headers={"Host": host, "Accept": accept})
        assert response.status_code == 400
        assert "Host" in response.get_data(as_text=True)


BATCH = quote('{"a": {"query": "TEXT"}}', safe="")
LONG_TEXTS = {
    "/search?q=TEXT": "'q'",
    "/search/suggest?q=TEXT": "'q'",
    "/api/search?q=TEXT": "'q'",
    "/reconcile/suggest/entity?prefix=TEXT": "'prefix'",
    "/reconcile/suggest/property?prefix=TEXT": "'prefix'",
    f"/reconcile?queries={BATCH}": "queries['a'].query",
}


@pytest.mark.parametrize(("path", "named"), LONG_TEXTS.items(), ids=LONG_TEXTS)
def test_a_text_to_search_for_is_never_cut(path: str, named: str) -> None:
    client = application().test_client()
    assert client.get(path.replace("TEXT", "ж" * MAX_CHARACTERS)).status_code == 200
    answer = client.get(path.replace("TEXT", "ж" * (MAX_CHARACTERS + 1)), headers={"Accept": JSON})
    detail = answer.json["detail"]
    assert answer.status_code == 400
    assert named in detail.replace('"', ""), detail
    assert str(MAX_CHARACTERS) in detail


def test_the_page_says_in_the_readers_language_how_long_a_search_may_be() -> None:
    for language, says in (("ru", "не более 300 символов"), ("kk", "300 таңбадан аспайды"), ("en", "300 characters")):
        refused(f"/search?q={'a' * 301}&lang={language}", PAGE, says)


def test_fields_to_search_in_take_no_more_than_a_search_may_have() -> None:
    for path in ("/", "/search?q=law", "/nowhere"):
        page = application().test_client().get(path, headers={"Accept": PAGE}).get_data(as_text=True)
        fields = re.findall(r'<input[^>]*type="search"[^>]*>', page)
        assert fields
        assert all(f'maxlength="{MAX_CHARACTERS}"' in field for field in fields), fields
