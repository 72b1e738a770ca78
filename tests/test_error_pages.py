"""Errors on pages are in the reader's language, values and all; problem documents are English."""

from __future__ import annotations

import ast
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from lxml import html
from werkzeug.exceptions import RequestEntityTooLarge

from kg.errors import GraphError
from kg.message import Message, packed, spoken, unpacked
from tests.explorer import application
from tests.served import ROOT, site
from web.engine.results import BusyError, DeadlineError, MemoryLimitError, TooManyRowsError
from web.problems import PROBLEM_KINDS
from web.site.errors import respond

MANY = json.dumps({key: {"query": "x"} for key in range(99)})
Wrong = tuple[str, str, object, int, str]
#: Requests that go wrong: method, address, body, status, and what of the reader's own words the page must repeat.
REQUESTS: dict[str, Wrong] = {
    "no page": ("GET", "/nowhere", None, 404, ""),
    "no thing": ("GET", "/id/kz-nothing-here", None, 404, "kz-nothing-here"),
    "no country": ("GET", "/country/xx", None, 404, "xx"),
    "no question": ("GET", "/query/targets-of-nobody", None, 404, "targets-of-nobody"),
    "no file": ("GET", "/download/nothing.zip", None, 404, ""),
    "no graph": ("GET", "/graph-store?graph=urn:x", None, 404, ""),
    "no release": ("GET", "/releases/9.9.9", None, 404, ""),
    "no recipe": ("GET", "/cookbook/nothing.py", None, 404, ""),
    "no kind of problem": ("GET", "/help/problems/nothing", None, 404, ""),
    "no version of the ontology": ("GET", "/ontology/9.9.9", None, 404, "9.9.9"),
    "a day that is none": ("GET", "/country/kz?asOf=yesterday", None, 400, "yesterday"),
    "a value that is not allowed": ("GET", "/query/targets?country=atlantis", None, 400, "atlantis"),
    "a number out of range": ("GET", "/query/due-soon?within=999999999", None, 400, "999999999"),
    "an unknown parameter": ("GET", "/query/targets?colour=red", None, 400, "colour"),
    "a value given twice": ("GET", "/query/targets?asOf=2025-01-01&asOf=2025-01-02", None, 400, "2025-01-02"),
    "a statement of nothing": ("GET", "/evidence", None, 400, ""),
    "no property": ("GET", "/evidence?s=id:kz-law-on-ai&p=nonsense", None, 400, "nonsense"),
    "an unfinished literal": ("GET", '/evidence?s=id:kz-law-on-ai&p=aip:date&o="unfinished', None, 400, "unfinished"),
    "no such statement": ("GET", "/evidence?s=id:kz-law-on-ai&p=aip:signedOn&o=id:kz", None, 404, ""),
    "countries compared": ("GET", "/compare?c=kz&c=xx", None, 400, "xx"),
    "acts compared": ("GET", "/compare-acts?a=kz-nothing&b=kz-law-on-ai", None, 400, "kz-nothing"),
    "no format": ("GET", "/sparql?query=ASK{}&format=docx", None, 400, "docx"),
    "no query": ("GET", "/sparql?query=", None, 400, ""),
    "two queries": ("GET", "/sparql?query=ASK{}&query=ASK{}", None, 400, ""),
    "no time": ("GET", "/sparql?query=ASK{}&timeout=soon", None, 400, "soon"),
    "a wrong query": ("GET", "/sparql?query=SELECT * { ?s ?p }&format=json", None, 400, "}"),
    "a query of the engine's words": ("GET", "/sparql?query=SELECT ?x (COUNT(?y) AS ?n) {?x a ?y}", None, 400, ""),
    "a prefix that is not declared": ("GET", "/sparql?query=ASK { ?s a nope:Law }", None, 400, "nope:"),
    "a query that is too deep": ("GET", f"/sparql?query=ASK {'{' * 80}{'}' * 80}", None, 400, ""),
    "another endpoint": ("GET", "/sparql?query=ASK { SERVICE <urn:x> {} }", None, 400, "SERVICE"),
    "an update": ("POST", "/sparql", {"update": "CLEAR ALL"}, 403, ""),
    "a method": ("DELETE", "/about", None, 405, ""),
    "a body of no known type": ("POST", "/sparql", "ASK {}", 415, ""),
    "too large": ("POST", "/reconcile", {"queries": MANY}, 413, "99"),
    "no JSON": ("POST", "/reconcile", {"queries": "["}, 400, "queries"),
    "no text": ("GET", "/about?x=%FF", None, 400, "0xFF"),
}
#: What cannot be asked for at will.
ERRORS = {
    "busy": BusyError(Message("too many queries are running"), hint=Message("try again in a few seconds")),
    "deadline": DeadlineError(Message("the query exceeded the time limit"), hint=Message("ask for less")),
    "memory": MemoryLimitError(1 << 30),
    "rows": TooManyRowsError(Message("the answer has more than %(count)s rows", count=100_000)),
    "too large": RequestEntityTooLarge(),
    "a fault": ZeroDivisionError("a fault of the code"),
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ENGLISH = re.compile(r"\b[a-z]{2,}(?: (?!or\b)[a-z]{2,}){2,}\b", re.IGNORECASE)
"""Three English words in a row."""
ENGINE = "The SELECT contains a variable that is unbound"
"""What only the engine says, which knows no other language."""


def main_text(page: str) -> str:
    """The text of a page without what it says to be English."""
    (main,) = html.fromstring(page).xpath("//main")
    for foreign in main.xpath(".//*[@lang='en'] | .//option | .//label | .//table | .//script"):
        foreign.clear()
    return " ".join(main.text_content().split())


def ask(method: str, address: str, body: object, headers: dict[str, str]) -> requests.Response:
    return requests.request(method, site().url + address, data=body, headers=headers, timeout=60)  # type: ignore[arg-type]


@pytest.mark.parametrize("tag", ["ru", "kk"])
@pytest.mark.parametrize("wrong", REQUESTS.values(), ids=REQUESTS)
def test_a_page_of_an_error_speaks_the_language(wrong: Wrong, tag: str) -> None:
    method, address, body, status, value = wrong
    response = ask(method, address, body, {"Accept": BROWSER, "Cookie": f"lang={tag}"})
    assert response.status_code == status
    assert html.fromstring(response.text).get("lang") == tag
    text = main_text(response.text)
    assert value in text
    assert not ENGLISH.search(text.replace(ENGINE, "")), text


@pytest.mark.parametrize("wrong", REQUESTS.values(), ids=REQUESTS)
def test_a_problem_document_is_english(wrong: Wrong) -> None:
    method, address, body, status, value = wrong
    response = ask(method, address, body, {"Accept": "*/*", "Cookie": "lang=ru"})
    if "text/html" not in response.headers["Content-Type"]:  # a page in any case
        assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
        assert value in response.text
        assert not re.search("[а-яё]", response.text)


@pytest.mark.parametrize("tag", ["ru", "kk"])
@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_what_cannot_be_asked_for_speaks_it_too(error: Exception, tag: str) -> None:
    with application().test_request_context(f"/about?lang={tag}", headers={"Accept": "text/html"}):
        text = main_text(respond(error).get_data(as_text=True))
    assert not ENGLISH.search(text), text


@pytest.mark.parametrize("tag", ["ru", "kk"])
def test_so_do_the_pages_of_the_kinds_of_problems(tag: str) -> None:
    client = application().test_client()
    for name in ("", *PROBLEM_KINDS):
        page = client.get(f"/help/problems/{name}?lang={tag}", headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert not ENGLISH.search(main_text(page.get_data(as_text=True))), name


def test_counts_are_written_as_the_reader_does() -> None:
    with application().test_request_context("/about?lang=ru", headers={"Accept": "text/html"}):
        text = main_text(respond(ERRORS["rows"]).get_data(as_text=True))
    assert "В ответе более 100 000 строк." in text


def test_a_message_is_its_english_text_and_travels() -> None:
    inner = Message("not a date")
    template = Message("parameter %(name)s: %(problem)s (%(known)s, %(count)s)")
    message = template.given(name="x", problem=inner, known=["a", inner], count=1000)
    assert message == "parameter x: not a date (a, not a date, 1,000)"
    assert json.loads(json.dumps(message)) == message
    for copied in (unpacked(json.loads(json.dumps(packed(message)))), pickle.loads(pickle.dumps(message))):
        assert spoken(copied, _louder, str) == "parameter x: not a date! (a, not a date!, 1000)!"
    assert spoken("as it is", _louder, str) == "as it is"


def _louder(text: str) -> str:
    return text + "!"


#: Where errors never reach a page: agents, the command line, and what is wrong with a snapshot.
ELSEWHERE = ("views/mcp/", "site/command.py", "site/mcp_command.py", "site/serve.py", "engine/supervisor.py")
ELSEWHERE += ("engine/open_files.py", "engine/remote_store.py")


def _raised(file: Path) -> Iterator[ast.Call]:
    """The calls that make an error of the graph or of HTTP."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
            yield node


def _kinds(cls: type) -> Iterator[str]:
    yield cls.__name__
    for sub in cls.__subclasses__():
        yield from _kinds(sub)


NAMES = {*_kinds(GraphError), "BadRequest", "NotFound", "Forbidden", "RequestEntityTooLarge", "UnsupportedBodyError"}
NAMES -= {"SyntaxDataError"}


def test_no_error_of_the_site_has_an_untranslatable_text() -> None:
    plain = []
    for file in sorted([*(ROOT / "web").rglob("*.py"), *(ROOT / "kg" / "query").glob("*.py")]):
        if any(part in file.as_posix() for part in ELSEWHERE):
            continue
        for call in _raised(file):
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            texts = [one for one in given if isinstance(one, ast.JoinedStr)]
            texts += [one for one in given if isinstance(one, ast.Constant) and " " in str(one.value)]
            plain += [f"{file.relative_to(ROOT)}:{one.lineno}" for one in texts]
    assert not plain, "wrap the text in kg.message.Message"
