"""The Model Context Protocol through the client of its SDK: over HTTP to a real site, and over standard streams."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, TypeVar

import anyio
import pytest
import requests
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from kg.query import load_queries
from tests.explorer import explorer, record
from tests.served import ROOT, running
from web.views.mcp.card import VERSIONS

T = TypeVar("T")
ID = "https://w3id.org/ca-ai-policy/id/"
QUERIES = load_queries(ROOT / "queries")
PLAIN = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
PING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}

pytestmark = pytest.mark.server


def over_http(use: Callable[[Client], Awaitable[T]]) -> T:
    async def connect() -> T:
        async with Client(explorer().url + "/mcp") as client:
            return await use(client)

    return anyio.run(connect)


def over_stdio(use: Callable[[Client], Awaitable[T]]) -> T:
    environment = {**os.environ, "KG_SNAPSHOTS": str(record())}
    command = StdioServerParameters(command=sys.executable, args=["-m", "kg", "mcp"], env=environment, cwd=ROOT)

    async def connect() -> T:
        with anyio.fail_after(120):
            async with Client(stdio_client(command)) as client:
                return await use(client)

    return anyio.run(connect)


def call(name: str, **arguments: Any) -> Any:
    async def use(client: Client) -> Any:
        return await client.call_tool(name, arguments)

    return over_http(use)


def answer(name: str, **arguments: Any) -> Any:
    result = call(name, **arguments)
    assert not result.is_error, result.content[0].text
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


@cache
def tools() -> dict[str, Any]:
    async def use(client: Client) -> Any:
        return (await client.list_tools()).tools

    return {tool.name: tool for tool in over_http(use)}


def test_every_question_belongs_to_one_tool() -> None:
    listed = [
        slug
        for tool in tools().values()
        if tool.name.startswith("ask_")
        for slug in tool.input_schema["properties"]["question"]["enum"]
    ]
    assert sorted(listed) == sorted(slug for slug, query in QUERIES.items() if query.form == "SELECT")


def test_arguments_are_those_that_the_files_declare() -> None:
    for tool in tools().values():
        assert tool.annotations.read_only_hint
        questions = tool.input_schema["properties"].get("question", {}).get("enum", ())
        declared = {p.name for slug in questions for p in QUERIES[slug].parameters}
        assert declared <= set(tool.input_schema["properties"])
    country = tools()["ask_instruments"].input_schema["properties"]["country"]
    assert set(country["enum"]) == {"kg", "kz", "tj", "tm", "uz"}


TEN = (
    ("ask_instruments", {"question": "instruments", "country": "kz", "kind": "aip:Law"}, "kz-law-on-ai"),
    ("ask_instruments", {"question": "provisions", "instrument": "kz-law-on-ai"}, "provision"),
    ("ask_targets", {"question": "overdue"}, "target"),
    ("ask_targets", {"question": "progress", "country": "uz"}, "uz-target"),
    ("ask_bodies", {"question": "office-holders", "country": "kz"}, "kz-person"),
    ("ask_assets", {"question": "compute", "country": "kz"}, "kz-"),
    ("ask_events", {"question": "life-line", "thing": "kz-law-on-ai"}, "kz-law-on-ai"),
    ("ask_international", {"question": "partnerships", "country": "uz"}, "uz-"),
    ("ask_rankings", {"question": "index-ranks", "country": "kz"}, "int-"),
    ("ask_evidence", {"question": "evidence", "thing": "kz-law-on-ai"}, "kz-law-on-ai"),
)


@pytest.mark.parametrize(("tool", "arguments", "expected"), TEN, ids=lambda part: str(part)[:40])
def test_ten_questions_are_answered_with_sources(tool: str, arguments: dict[str, str], expected: str) -> None:
    found = answer(tool, **arguments)
    assert found["rows"]
    assert expected in json.dumps(found["rows"])
    assert found["sources"]
    assert all(one["title"] and one["passage"] and one["source"] for one in found["sources"])
    assert set(found["readUntil"]) == {"kg", "kz", "tj", "tm", "uz"}


def test_an_answer_is_read_in_parts() -> None:
    first = answer("ask_targets", question="targets", limit=5)
    second = answer("ask_targets", question="targets", limit=5, offset=first["nextOffset"])
    assert (len(first["rows"]), first["total"] > 10) == (5, True)
    assert first["rows"][0] != second["rows"][0]


def test_a_thing_is_found_described_and_proved() -> None:
    named = answer("search", text="MDT of Uzbekistan")["named"]
    assert [(one["id"], one["certain"]) for one in named[:1]] == [("id:uz-mdt", True)]
    described = answer("describe", thing="kz-law-on-ai")
    assert described["names"]["kk"] == "Жасанды интеллект туралы"
    claims = answer("evidence", thing="kz-law-on-ai", property="aip:date")["claims"]
    assert {True, False} == {claim["accepted"] for claim in claims}
    assert all(claim["sources"] for claim in claims)
    assert "explain" in answer("evidence", thing="kz-law-on-ai", property="inForceFrom")["hint"]
    proof = answer("explain", thing="kz-law-on-ai", property="inForceFrom")
    assert "2026-01-18" in proof["statement"]
    assert proof["sources"]
    assert answer("explain", thing="kz-law-on-ai", property="rdf:type", value="aip:Instrument")["proof"]


def test_queries_are_answered_within_limits() -> None:
    found = answer("sparql", query="SELECT ?law { ?law a aip:Law } ORDER BY ?law LIMIT 3")
    assert (found["columns"], found["total"]) == (["law"], 3)
    assert answer("sparql", query="ASK { id:kz-law-on-ai a aip:Law }") == {"boolean": True}
    assert "aip:Law" in answer("sparql", query="CONSTRUCT WHERE { id:kz-law-on-ai a ?class }")["turtle"]


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("ask_targets", {"question": "overdue", "country": "xx"}, "allowed: kg, kz, tj, tm, uz"),
        ("ask_targets", {"question": "nothing"}, "not a question of this tool"),
        ("ask_targets", {"question": "office-holders"}, "a question of ask_bodies"),
        ("ask_targets", {"question": "overdue", "limit": 0}, "not a whole number in range"),
        ("ask_targets", {"question": "overdue", "limit": "two"}, "(given: 'two')"),
        ("ask_targets", {"question": "overdue", "asOf": "soon"}, "YYYY-MM-DD"),
        ("ask_targets", {"question": "overdue", "wrong": "x"}, "no such argument"),
        ("ask_targets", {"question": "overdue", "country": ["kz"]}, "neither a text nor a whole number"),
        ("ask_targets", {"question": "overdue", "topic": "concept:topic-education"}, "no such parameter"),
        ("search", {"text": ""}, "not given"),
        ("search", {"text": "x" * 301}, "at most 300 characters"),
        ("search", {"text": "x", "kind": "planet"}, "not a kind of thing"),
        ("describe", {"thing": "nobody-knows"}, "nothing in the graph"),
        ("evidence", {"thing": "kz-law-on-ai", "property": "nothing"}, "not a property"),
        ("explain", {"thing": "kz-law-on-ai", "property": "repealedOn"}, "has no"),
        ("explain", {"thing": "kz", "property": "rdf:type", "value": '"'}, "not a literal"),
        ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "only answers queries"),
        ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, "SERVICE"),
        ("sparql", {"query": "LOAD <file:///etc/passwd>"}, "LOAD"),
        ("sparql", {"query": "SELECT * { ?s ?p ?o }"}, "more than 500 rows"),
        ("sparql", {"query": "SELECT"}, ""),
        ("search", {"text": "law " * 100}, "300 characters"),
    ],
)
def test_what_is_wrong_is_told_to_the_model(tool: str, arguments: dict[str, Any], told: str) -> None:
    result = call(tool, **arguments)
    assert result.is_error
    assert told in result.content[0].text
    assert "Traceback" not in result.content[0].text


def test_resources() -> None:
    async def use(client: Client) -> dict[str, str]:
        listed = [one.uri for one in (await client.list_resources()).resources]
        templates = (await client.list_resource_templates()).resource_templates
        assert [one.uri_template for one in templates] == [ID + "{name}"]
        return {uri: (await client.read_resource(uri)).contents[0].text for uri in [*listed, ID + "kz-law-on-ai"]}

    texts = over_http(use)
    assert "aip:Law" in texts["https://w3id.org/ca-ai-policy/ontology"]
    assert "sh:property" in texts["https://w3id.org/ca-ai-policy/graph/shapes"]
    assert len(json.loads(texts["https://w3id.org/ca-ai-policy/query/"])) == len(QUERIES)
    assert "230-VIII" in texts[ID + "kz-law-on-ai"]


def test_over_standard_input_and_output() -> None:
    async def use(client: Client) -> Any:
        listed = (await client.list_tools()).tools
        asked = await client.call_tool(
            "ask_instruments", {"question": "instruments", "country": "tj", "kind": "Strategy"}
        )
        query = await client.call_tool("sparql", {"query": "ASK { id:kz-law-on-ai a aip:Law }"})
        wrong = await client.call_tool("sparql", {"query": "SELECT"})
        return {tool.name for tool in listed}, asked.structured_content, query.structured_content, wrong.is_error

    names, asked, query, wrong = over_stdio(use)
    assert names == set(tools())
    assert "tj-ai-strategy-2040" in json.dumps(asked["rows"])
    assert asked["sources"]
    assert (query, wrong) == ({"boolean": True}, True)


def test_clients_of_the_earlier_protocol() -> None:
    """With the handshake of 2025, as clients in the field speak it."""

    async def connect() -> Any:
        async with Client(streamable_http_client(explorer().url + "/mcp"), mode="legacy") as client:
            return await client.call_tool("sparql", {"query": "ASK {}"})

    assert anyio.run(connect).structured_content == {"boolean": True}


def post(url: str, body: bytes | dict[str, Any] = b"", **headers: str) -> requests.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return requests.post(url, data=data, headers=PLAIN | headers, timeout=60)


def test_pages_of_other_sites_may_not_use_it() -> None:
    url = explorer().url + "/mcp"
    assert post(url, PING, Origin="https://evil.example").status_code == 403
    assert post(url, PING, Origin="null").status_code == 403
    assert post(url, PING, Origin="http://localhost:6274").status_code == 200
    assert post(url, PING).status_code == 200
    # A name of somebody else that was bound to this machine is in both headers.
    assert post(url, PING, Origin="http://evil.example:80", Host="evil.example:80").status_code == 403


def test_behind_a_proxy_its_own_pages_may() -> None:
    with running("--base-url", "https://graph.example/kg") as site:
        url = site.url + "/mcp"
        assert post(url, PING, Origin="https://graph.example").status_code == 200
        assert post(url, PING, Origin="http://localhost:6274").status_code == 403
        assert site.get("/mcp/server-card").json()["remotes"][0]["url"] == "https://graph.example/kg/mcp"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[", 400),
        (b"[" * 100_000, 400),
        (b"{}", 400),
        (b"\xff", 400),
        (b'{"jsonrpc": "2.0", "id": 1}', 400),
    ],
)
def test_bodies_that_are_no_message(body: bytes, status: int) -> None:
    response = post(explorer().url + "/mcp", body)
    assert response.status_code == status
    assert "Traceback" not in response.text


def test_http_rules() -> None:
    url = explorer().url + "/mcp"
    assert requests.get(url, headers={"Accept": "text/event-stream"}, timeout=60).status_code == 405
    assert requests.delete(url, timeout=60).status_code == 405
    assert post(url, PING, Accept="application/xml").status_code == 406
    assert post(url, PING, **{"Content-Type": "text/plain"}).headers["Content-Type"] == "application/problem+json"
    response = post(url, PING)
    assert response.headers["Content-Type"] == "application/json"
    assert "Mcp-Session-Id" not in response.headers
    notice = post(url, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (notice.status_code, notice.content) == (202, b"")


def test_discovery() -> None:
    catalogue = explorer().get("/.well-known/ai-catalog.json")
    assert catalogue.headers["Content-Type"] == "application/ai-catalog+json"
    card = requests.get(catalogue.json()["entries"][0]["url"], timeout=60)
    assert card.headers["Content-Type"] == "application/mcp-server-card+json"
    remote = card.json()["remotes"][0]
    assert remote["url"] == explorer().url + "/mcp"
    assert set(VERSIONS) <= {*HANDSHAKE_PROTOCOL_VERSIONS, *MODERN_PROTOCOL_VERSIONS}

    async def use(client: Client) -> Any:
        await client.list_resources()
        return client.server_info

    assert over_http(use).name == card.json()["name"]


def test_search_as_json() -> None:
    found = explorer().get("/api/search", params={"q": "MDT of Uzbekistan"})
    document = found.json()
    assert (document["named"][0]["id"], document["named"][0]["certain"]) == ("id:uz-mdt", True)
    assert document["total"] >= len(document["results"]) > 0
    assert found.headers["ETag"]
    again = explorer().get(
        "/api/search", params={"q": "MDT of Uzbekistan"}, headers={"If-None-Match": found.headers["ETag"]}
    )
    assert again.status_code == 304
    bodies = explorer().get("/api/search", params={"q": "ministry", "kind": "body", "limit": 5}).json()
    assert {one["kind"] for one in bodies["results"]} == {"body"}
    rest = explorer().get("/api/search", params={"q": "ministry", "kind": "body", "limit": 5, "offset": 5}).json()
    assert not {one["iri"] for one in bodies["results"]} & {one["iri"] for one in rest["results"]}


@pytest.mark.parametrize(
    "parameters",
    [{}, {"q": "x", "kind": "planet"}, {"q": "x", "limit": "0"}, {"q": "x", "limit": "999"}, {"q": "x", "w": "y"}],
)
def test_wrong_searches(parameters: dict[str, str]) -> None:
    response = explorer().get("/api/search", params=parameters and {"q": "x"} | parameters)
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.slow
def test_what_llms_txt_names_is_there() -> None:
    text = explorer().get("/llms.txt").text
    addresses = re.findall(r"\]\((\S+?)\)", text)
    assert len(addresses) > len(QUERIES)
    for address in addresses:
        assert address.startswith(explorer().url)
        path = address.removeprefix(explorer().url)
        status = requests.head(address, timeout=300).status_code  # sizes of files are known once these are written
        assert status in ((200, 400) if path.startswith("/query/") else (200,)), address
    full = explorer().get("/llms-full.txt").text
    assert text.strip().splitlines()[0] == full.strip().splitlines()[0]
    for slug, query in QUERIES.items():
        assert f"## {slug}: {query.summary}" in full
    assert "`aip:Law`" in full
    assert "`aip:signedOn`" in full
    assert "`concept:status-in-force`" in full


def test_a_site_without_the_library_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.explorer import application
    from web.views.mcp import card

    monkeypatch.setattr(card, "has_agents", lambda: False)
    client = application().test_client()
    for response in (client.post("/mcp", json=PING), client.get("/mcp/server-card")):
        assert response.status_code == 404
        assert "ca-ai-policy[agents]" in response.get_json()["detail"]
    assert client.get("/.well-known/ai-catalog.json").get_json()["entries"] == []
