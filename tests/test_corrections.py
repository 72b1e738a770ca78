"""Corrections: a link on every page and statement opens a form, and what comes back becomes a draft of a source."""

from __future__ import annotations

import gc
import html
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from kg.cli import main
from kg.corrections import ANSWER, read_form, write_form
from kg.errors import SyntaxDataError
from kg.settings import Settings
from tests.served import MINI, ROOT, snapshots
from web.config import WebSettings
from web.site.app import create_app

PAGES = ("/", "/id/kz-law-on-ai", "/targets", "/sources", "/search?q=law", "/no-such-page", "/about", "/query/targets")
STATEMENT = "/evidence?s=id:kz-law-on-ai&p=aip:inForceFrom"
LETTER, TRACKER = "mailto:data@example.org", "https://example.org/issues/new?labels=data"
SIGNED = "/evidence?s=id:kz-law-on-ai--signed-1&p=aip:date"


@cache
def site(address: str | None) -> Flask:
    """The site over the mini record."""
    graph = replace(Settings.default(ROOT), snapshots=snapshots())
    return create_app(WebSettings(graph, corrections=address))


def links(address: str | None, path: str) -> list[str]:
    """The addresses that report a mistake, on a page."""
    page = site(address).test_client().get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
    return [html.unescape(each) for each in re.findall(r'<a href="([^"]+)" rel="nofollow">Report a mistake', page)]


def form_of(link: str) -> str:
    """The form that a link prepares."""
    return parse_qs(urlsplit(link).query)["body"][0]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("address", [LETTER, TRACKER])
def test_every_page_has_a_link(address: str, path: str) -> None:
    (link,) = links(address, path)
    assert link.startswith(address)
    fields = read_form(form_of(link))
    assert fields["Page"].endswith(path.partition("?")[0])
    assert fields.get("Thing") == ("id:kz-law-on-ai" if path.startswith("/id/") else None)
    assert all(f"{name}:" in form_of(link) for name in ANSWER)


@pytest.mark.parametrize("path", [*PAGES, STATEMENT])
def test_without_an_address_there_is_none(path: str) -> None:
    assert links(None, path) == []


@pytest.mark.parametrize("more", ["", "&fragment=1"])
def test_every_statement_has_a_link(more: str) -> None:
    link = links(LETTER, SIGNED + more)[0]
    query = parse_qs(urlsplit(link).query)
    assert query["subject"] == ["Correction: id:kz-law-on-ai--signed-1"]
    assert "\r\n" in query["body"][0]
    fields = read_form(query["body"][0])
    assert (fields["Thing"], fields["Property"]) == ("id:kz-law-on-ai--signed-1", "aip:date")
    assert fields["Value"].startswith('"2025-11-17"')


def test_a_form_is_read_as_it_was_written() -> None:
    claim = {"Page": "https://x.example/id/a", "Thing": "id:a", "Property": "aip:date", "Value": '"two\nlines"'}
    form = write_form(claim).replace("What it says: ", "What it says: on the\n eighteenth\n\nRegards")
    assert read_form("Dear all,\n\n" + form) == {
        **claim,
        "Value": '"two lines"',
        "What it says": "on the eighteenth",
    }
    assert read_form("> Thing: id:a\n> Correct value: 5")["Correct value"] == "5"


@pytest.mark.parametrize(("text", "says"), [("Hello", "no field"), ("Thing: id:a\nThing: id:b", "stands twice")])
def test_what_is_no_form_is_told(text: str, says: str) -> None:
    with pytest.raises(SyntaxDataError, match=says):
        read_form(text)


FORM = {
    "Correct value": "2025-11-18",
    "Source title": 'Закон "Об ИИ" подписан',
    "Source address": "https://example.org/signed",
    "Published on": "2025-11",
    "Language": "ru",
    "Place in the source": "paragraph 2",
    "What it says": "The president signed it on the eighteenth.",
}
FILLED = {
    "int-publisher-FILL-IN": "int-publisher-gazette",
    "source-FILL-IN": "source-news",
    "confidence-FILL-IN": "confidence-high",
    "hedge-FILL-IN": "hedge-stated",
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the mini record for the command."""
    shutil.copytree(MINI, tmp_path / "data")
    monkeypatch.setenv("KG_SNAPSHOTS", str(snapshots()))
    monkeypatch.setenv("KG_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def correct(path: Path, **changed: str) -> int:
    """The exit code of ``kg correct`` with the form of a statement, filled in."""
    form = form_of(links(LETTER, SIGNED)[0])
    for name, value in (FORM | {key.replace("_", " "): value for key, value in changed.items()}).items():
        form = re.sub(rf"^{name}:.*$", lambda _, line=f"{name}: {value}": line, form, flags=re.MULTILINE)  # type: ignore[misc]
    path.write_text(form, "utf-8")
    with pytest.raises(SystemExit) as caught:
        main(["correct", str(path)])
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_a_form_becomes_a_draft_that_asks_for_a_ruling(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert correct(tmp_path / "form.txt") == 0
    drafts = [data / "sources" / "kz" / f"correction-kz-law-on-ai-signed-1-{number}.trig" for number in (1, 2)]
    assert capsys.readouterr().out.strip() == str(drafts[0])
    assert correct(tmp_path / "form.txt") == 0
    drafts[1].unlink()
    text = drafts[0].read_text("utf-8")
    assert 'Закон \\"Об ИИ\\" подписан"@ru' in text
    assert '"2025-11-18"^^<http://www.w3.org/2001/XMLSchema#date>' in text
    with pytest.raises(SystemExit):
        main(["validate", str(drafts[0])])
    assert "FILL-IN" in capsys.readouterr().err
    for before, after in FILLED.items():
        text = text.replace(before, after)
    drafts[0].write_text(text, "utf-8")
    with pytest.raises(SystemExit):
        main(["validate"])
    said = capsys.readouterr().err
    assert "2025-11-18" in said
    assert "2025-11-17" in said
    assert "aip:Ruling" in said


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"Correct_value": "soon"}, "'soon' is not a date"),
        ({"Published_on": "yesterday"}, "'yesterday' is not a date"),
        ({"Source_address": "https://x> ; a <y"}, "is not a web address"),
        ({"Language": "kz"}, "write kk"),
        ({"Thing": "id:nothing-at-all"}, "nothing in the graph is called"),
        ({"Property": "aip:nonsense"}, "there is no property"),
    ],
)
def test_a_wrong_form_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, str], says: str
) -> None:
    assert correct(tmp_path / "form.txt", **changed) == 2
    assert says in capsys.readouterr().err
    assert not list(data.glob("sources/*/correction-*"))


def test_an_error_takes_no_iterator_of_the_store_along(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be dropped wherever garbage is collected, and only its own thread may drop it."""
    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(correct, tmp_path / "form.txt", Correct_value="soon").result() == 2
    gc.collect()
    assert ignored == []
