"""One route table, and absolute addresses that name the site as people use it, also under a path."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.settings import Settings
from tests.served import ROOT, snapshots
from web.config import WebSettings
from web.site.app import create_app
from web.site.routes import ROUTES

PUBLIC = "https://example.org/kg"


@cache
def application() -> Flask:
    """The site in this process, under a path."""
    graph = replace(Settings.default(ROOT), snapshots=snapshots())
    return create_app(WebSettings(graph, base_url=PUBLIC))


@pytest.fixture
def client() -> FlaskClient:
    return application().test_client()


def test_every_address_is_in_the_route_table() -> None:
    listed = {route.rule for route in ROUTES}
    assert {rule.rule for rule in application().url_map.iter_rules()} == listed | {"/static/<path:filename>"}
    assert max(Counter(route.rule for route in ROUTES).values()) == 1


@pytest.mark.parametrize(
    "path",
    [
        *("/new.atom", "/sitemap.xml", "/robots.txt", "/llms.txt", "/openapi.json", "/.well-known/void", "/sparql"),
        *("/dataset.schema.json", "/data/", "/query/", "/query/timeline?limit=1", "/id/kz", "/nothing"),
    ],
)
def test_the_path_of_the_site_is_in_each_address_once(client: FlaskClient, path: str) -> None:
    answer = client.get("/kg" + path, headers={"Accept": "*/*"})
    text = answer.get_data(as_text=True) + str(answer.headers)
    addresses = re.findall(r"https?://example\.org[^\s\"'<>]*", text)
    assert addresses
    for address in addresses:
        assert address == PUBLIC or address.startswith(PUBLIC + "/"), address
        assert "/kg/kg" not in address


def test_links_of_the_feed_lead_to_pages(client: FlaskClient) -> None:
    feed = client.get("/kg/new.atom").get_data(as_text=True)
    links = re.findall(rf'<link href="{PUBLIC}([^"]*)"', feed)
    assert len(links) > 5
    for link in links[:9]:
        assert client.get("/kg" + link, headers={"Accept": "text/html"}).status_code == 200, link


def test_only_one_module_makes_absolute_addresses() -> None:
    """`web.addresses`; the problem documents, which have no host at times, and the key of cached pages aside."""
    others = {"web/addresses.py", "web/site/errors.py", "web/views/html/shared/caching.py"}
    for file in sorted((ROOT / "web").rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        if name in others or "node_modules" in name:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            assert not (isinstance(node, ast.keyword) and node.arg == "_external"), name
            assert not (isinstance(node, ast.Attribute) and node.attr in ("root_url", "url_root", "host_url")), name
