"""Pages for people over the real record: each kind answers in two languages, marked, light, quick, in the policy."""

from __future__ import annotations

import datetime
import io
import re
import statistics
import time
from functools import cache
from pathlib import Path

import brotli
import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from lxml import html

from kg.query import get_query
from kg.terms import CONCEPT
from tests.explorer import PAGES, application
from tests.served import ROOT
from web.answers.canned import ask
from web.messages import FOLDER, languages
from web.views.html.figures import overdue_targets
from web.views.html.shared.evidence_badge import evidence_badge
from web.views.html.shared.life_cycle import status_on_date
from web.views.html.shared.lookup import node
from web.views.html.shared.terms import name

WEIGHT = 300 * 1024
HEADERS = {"Accept": "text/html"}
#: Pages that state nothing of the record themselves.
UNMARKED = {"about", "assertion", "class", "concept", "concept scheme", "disagreements", "home, another figure"}
UNMARKED |= {"index", "network", "new", "ontology", "passage", "property", "publisher", "questions", "search", "source"}
UNMARKED |= {"sources"} | {name for name in PAGES if name.startswith("evidence")}


@cache
def answer(kind: str, language: str) -> tuple[int, bytes, float]:
    begin = time.perf_counter()
    client = application().test_client(use_cookies=False)
    response = client.get(PAGES[kind], headers={**HEADERS, "Cookie": f"lang={language}"})
    return response.status_code, response.data, time.perf_counter() - begin


def tree(kind: str, language: str) -> html.HtmlElement:
    return html.fromstring(answer(kind, language)[1].decode())


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_answers(kind: str, language: str) -> None:
    status, _body, _seconds = answer(kind, language)
    page = tree(kind, language)
    assert status == 200
    assert page.get("lang") == language
    assert len(page.xpath("//h1")) == 1
    assert page.findtext(".//title", "").strip()


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_keeps_to_the_policy(kind: str) -> None:
    page = tree(kind, "en")
    data = "@type='application/ld+json'"  # a block of data, which no browser runs
    assert not page.xpath(f"//*[@style] | //style | //script[not(@src or {data})] | //*[starts-with(name(@*), 'on')]")
    assert not [a for a in page.xpath("//@src | //link[@rel='stylesheet']/@href") if not a.startswith("/")]


@pytest.mark.parametrize("kind", [kind for kind in PAGES if kind not in UNMARKED])
def test_statements_open_their_evidence(kind: str) -> None:
    marks = tree(kind, "en").xpath("//a[contains(@class, 'ev') or @class='mark']/@href")
    assert marks
    client = application().test_client()
    for address in dict.fromkeys(marks[:3]):
        assert client.get(address, headers=HEADERS).status_code == 200, address


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_light(kind: str) -> None:
    dist = ROOT / "web" / "static" / "dist"
    if not dist.exists():
        pytest.skip("the scripts are not bundled: make frontend")
    text = answer(kind, "ru")[1]
    # All that a Russian reader may load: page, style and scripts compressed, and the fonts, which are so already.
    files = [dist / name for name in ("site.css", "site.js")]
    sent = len(brotli.compress(text, quality=4)) + sum(len(brotli.compress(f.read_bytes(), quality=4)) for f in files)
    fonts = sum(f.stat().st_size for f in dist.glob("*.woff2"))
    assert sent + fonts <= WEIGHT, f"{sent:,} + {fonts:,} bytes"


def test_pages_are_quick() -> None:
    for kind in PAGES:
        answer(kind, "en")
    seconds = {kind: answer(kind, "en")[2] for kind in PAGES}
    client = application().test_client()
    again = {}
    for kind, address in PAGES.items():
        begin = time.perf_counter()
        client.get(address, headers=HEADERS)
        again[kind] = time.perf_counter() - begin
    first, median = statistics.median(seconds.values()), statistics.median(again.values())
    slowest = max(seconds, key=lambda kind: seconds[kind])
    print(f"\nmedian {first * 1000:.0f} ms at first, {median * 1000:.1f} ms again; slowest {slowest}")  # noqa: T201
    assert median <= 0.05


def test_every_thing_has_a_page() -> None:
    """A sample through the whole sitemap: nothing that has an address fails."""
    client = application().test_client()
    sitemap = client.get("/sitemap.xml").get_data(as_text=True)
    addresses = re.findall(r"<loc>http://localhost(/[^<]*)</loc>", sitemap)
    assert len(addresses) > 2000
    for address in addresses[::40]:
        assert client.get(address, headers=HEADERS).status_code in (200, 302, 303), address


def test_status_is_that_of_the_canned_query() -> None:
    with application().test_request_context("/"):
        for day in (datetime.date(2025, 3, 31), datetime.date(2026, 11, 25)):
            rows = ask("status-on-date", asOf=day.isoformat())
            assert rows
            for row in rows:
                status = status_on_date(node(row.text("thing")), day)
                assert status is not None
                assert (status.status, status.certain) == (row["status"], row.text("certain") == "true"), row


def test_badges_show_the_kind_of_support() -> None:
    with application().test_request_context("/"):
        law = node("id:kz-law-on-ai")
        signing, force = node("id:kz-law-on-ai--signed-1"), node("id:kz-law-on-ai--in-force-1")
        asserted, disputed = evidence_badge(signing, "aip:date"), evidence_badge(force, "aip:date")
        assert asserted is not None
        assert asserted.kind == "asserted"
        assert asserted.count > 3
        assert not asserted.disputed
        assert disputed is not None
        assert disputed.disputed
        kinds = {
            p: evidence_badge(law, p, node(o)) for p, o in (("rdf:type", "aip:Law"), ("rdf:type", "aip:Instrument"))
        }
        assert [mark.kind for mark in kinds.values() if mark] == ["inferred"]
        assert (evidence_badge(law, "rdf:type", node("aip:Law")) or asserted).kind == "registry"
        assert (evidence_badge(law, "aip:topic", node("concept:topic-legislation")) or asserted).kind == "editorial"
        assert evidence_badge(node("id:nobody"), "aip:date") is None


def test_badges_tell_what_only_a_tracker_says() -> None:
    """An aggregator is marked where no first-hand text says the same."""
    with application().test_request_context("/"):
        events = (node(f"id:{act}--signed-1") for act in ("uz-pp-99-2026", "kz-law-on-ai"))
        tracked, signed = (evidence_badge(event, "aip:date") for event in events)
        assert tracked is not None
        assert tracked.css_class == "ev compiled"
        assert "compilations" in tracked.title
        assert signed is not None
        assert not signed.compiled


def test_a_coarser_date_counts_as_evidence() -> None:
    """Who says "2024" supports "14 October 2024"."""
    with application().test_request_context("/"):
        strategy = node("id:uz-ai-strategy-2030--adopted-1")
        exact = evidence_badge(strategy, "aip:date")
        assert exact is not None
        assert not exact.disputed


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/country/xx", 404),
        ("/country/kz?asOf=yesterday", 400),
        ("/id/nothing-of-the-kind", 404),
        ("/evidence", 400),
        ("/evidence?s=id:nothing", 404),
        ("/evidence?s=id:kz-law-on-ai&p=nonsense", 400),
        ('/evidence?s=id:kz-law-on-ai&p=aip:date&o="unfinished', 400),
        ("/evidence?s=id:kz-law-on-ai&p=aip:signedOn&o=id:kz", 404),
        ("/evidence?s=<script>&p=aip:date", 400),
    ],
)
def test_wrong_addresses_are_told_so(address: str, status: int) -> None:
    response = application().test_client().get(address, headers=HEADERS)
    assert response.status_code == status
    assert "<h1>" in response.get_data(as_text=True)
    assert "<script>&" not in response.get_data(as_text=True)


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "nonsense", ""])
def test_preferences_lead_nowhere_else(back: str) -> None:
    response = application().test_client().get("/preferences", query_string={"lang": "ru", "back": back})
    assert response.status_code == 303
    assert response.headers["Location"] == "/"


def test_preferences_are_remembered() -> None:
    client = application().test_client()
    response = client.get("/preferences", query_string={"lang": "ru", "back": "/about?lang=en&x=1"})
    assert response.headers["Location"] == "/about?x=1"
    assert '<html lang="ru"' in client.get("/about").get_data(as_text=True)
    assert '<html lang="en"' in client.get("/about?lang=en").get_data(as_text=True)
    client.get("/preferences", query_string={"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/about").get_data(as_text=True)
    assert "Set-Cookie" not in client.get("/preferences", query_string={"lang": "xx"}).headers


def test_a_page_is_sent_once() -> None:
    client = application().test_client(use_cookies=False)
    first = client.get("/about", headers=HEADERS)
    again = client.get("/about", headers={**HEADERS, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    other = client.get("/about", headers={**HEADERS, "If-None-Match": first.headers["ETag"], "Cookie": "lang=ru"})
    assert other.status_code == 200


def test_names_fall_back_in_a_fixed_order() -> None:
    with application().test_request_context("/?lang=ru"):
        source = name(node("source:law-at"))
        assert (source.tag, source.foreign) == ("en", True)
    with application().test_request_context("/?lang=en"):
        target = name(node("id:uz-target-labs-10"))
        assert (target.tag, target.foreign, target.translated) == ("en", False, False)


@pytest.mark.parametrize("tag", languages()[1:])
def test_every_text_is_translated(tag: str) -> None:
    """Every text of the code, the templates and the queries has a translation into each language of the interface."""
    methods, options = parse_mapping_cfg(io.StringIO((FOLDER / "babel.cfg").read_text("utf-8")))
    methods = [(pattern, method) for pattern, method in methods if method != "ignore"]
    keywords = {**DEFAULT_KEYWORDS, "Message": None}
    messages = extract_from_dir(str(ROOT), methods, options, keywords, directory_filter=_ours)
    with (FOLDER / tag / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=tag)
    untranslated = []
    for _file, _line, message, *_more in messages:
        key = message[0] if isinstance(message, tuple) else message
        entry = catalogue.get(key)
        if entry is None or not all(entry.string if isinstance(entry.string, tuple) else [entry.string]):
            untranslated.append(key)
    assert not untranslated, f"add the text in web/translations/{tag}"
    assert not [(message.id, errors) for message, errors in catalogue.check()]


def _ours(folder: str) -> bool:
    parts = Path(folder).relative_to(ROOT).parts
    return not parts or (parts[0] in ("kg", "web", "queries") and not {"frontend", "static"} & set(parts))


def test_questions_of_the_first_page_exist() -> None:
    from web.views.html.home import QUESTIONS

    with application().test_request_context("/"):
        from web.snapshot import snapshot

        for slug in QUESTIONS:
            get_query(snapshot().queries, slug)


def test_overdue_is_only_what_somebody_looked_for() -> None:
    """A deadline after which nobody looked is due, not overdue: neither the home page nor its map counts it."""
    day = datetime.date(2026, 11, 30).isoformat()
    with application().test_request_context("/"):
        asked = ask("overdue", asOf=day, focus="focus-ai")
        states = {row["state"] for row in asked}
        assert {CONCEPT["state-overdue"], CONCEPT["state-due-not-looked-up"]} == states
        counted = overdue_targets(day)
        assert counted
        assert all(row["searched"] for row in counted)
        assert len(counted) < len(asked)


def test_a_source_is_not_shown_as_its_own_origin() -> None:
    page = tree("source", "en")
    assert "Origin" not in [heading.text_content().strip() for heading in page.xpath("//dl[@class='facts']//dt")]


def test_the_drawing_of_neighbours_has_no_empty_half() -> None:
    drawing = tree("asset", "en").xpath("//figure[@class='neighbours']//svg")[0]
    assert drawing.get("class") == "half"
    left, _top, width, _height = map(float, drawing.get("viewbox").split())
    places = [float(circle.get("cx")) for circle in drawing.iter("circle")]
    assert left <= min(places) <= left + 50
    assert max(places) < left + width


def test_two_kinds_of_problems_have_no_name_in_common() -> None:
    for language in languages():
        page = html.fromstring(application().test_client().get(f"/help/problems/?lang={language}").text)
        names = [link.text_content().strip() for link in page.xpath("//main//a[contains(@href, '/help/problems/')]")]
        assert len(names) > 10
        assert len(set(names)) == len(names), language


def test_examples_of_the_api_can_be_moved_with_the_keyboard() -> None:
    """On a phone they are wider than the screen."""
    page = html.fromstring(application().test_client().get("/api/", headers={"Accept": "text/html"}).text)
    examples = page.xpath("//main//pre")
    assert len(examples) > 3
    assert all(example.get("tabindex") == "0" for example in examples)
