"""What browsers and crawlers look for: sitemap, icon, manifest, search, contact, context, and the dataset in the pages."""

from __future__ import annotations

import datetime
import json
import re
from xml.etree import ElementTree

import pytest
import requests
from pyld import jsonld

from tests.ontology_files import ONTOLOGY
from tests.served import running, site

pytestmark = pytest.mark.server
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def links(relation: str) -> list[str]:
    page = site().get("/", headers=BROWSER).text
    tags = re.findall(r"<link\s[^>]*>", page)
    return [re.findall(r'href="([^"]*)"', tag)[0] for tag in tags if f'rel="{relation}"' in tag]


def test_every_address_of_the_sitemap_is_a_page_without_detour() -> None:
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
    addresses = [str(node.text) for node in ElementTree.fromstring(site().get("/sitemap.xml").text).iter(name)]
    assert len(addresses) == len(set(addresses))
    for path in ("/", "/targets", "/country/kz", "/sources", "/ontology", "/id/kz-law-on-ai", "/query/targets"):
        assert site().url + path in addresses, path
    session = requests.Session()
    kinds = {address.removeprefix(site().url).split("/")[1]: [] for address in addresses}  # type: ignore[var-annotated]
    for address in addresses:
        kinds[address.removeprefix(site().url).split("/")[1]].append(address)
    for group in kinds.values():
        for address in group[:: max(1, len(group) // 15)]:
            answer = session.get(address, headers=BROWSER, timeout=30, allow_redirects=False)
            assert answer.status_code == 200, address
            assert answer.headers["Content-Type"].startswith("text/html"), address


def test_icons() -> None:
    icon = site().get("/favicon.ico")
    assert icon.headers["Content-Type"] == "image/x-icon"
    assert icon.content.startswith(b"\0\0\1\0")


def test_the_manifest_names_icons_that_are_there() -> None:
    (address,) = links("manifest")
    answer = site().get(address)
    assert answer.headers["Content-Type"] == "application/manifest+json"
    for icon in answer.json()["icons"]:
        shown = site().get(icon["src"])
        assert shown.headers["Content-Type"].partition(";")[0] == icon["type"]


def test_a_browser_can_add_the_search() -> None:
    (address,) = links("search")
    answer = site().get(address)
    assert answer.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    document = ElementTree.fromstring(answer.text)
    assert 0 < len(document.findtext(space + "ShortName", "")) <= 16
    urls = {node.get("type"): node.get("template", "") for node in document.iter(space + "Url")}
    found = requests.get(urls["text/html"].replace("{searchTerms}", "law"), headers=BROWSER, timeout=30)
    assert found.status_code == 200
    assert urls["application/opensearchdescription+xml"] == site().url + address


def test_a_contact_is_given_where_the_operator_set_one() -> None:
    assert site().get("/.well-known/security.txt").status_code == 404
    with running("--contact", "https://example.org/report") as own:
        answer = own.get("/.well-known/security.txt")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
        assert fields["Contact"] == "https://example.org/report"
        assert fields["Canonical"] == own.url + "/.well-known/security.txt"
        ends = datetime.datetime.fromisoformat(fields["Expires"])
        assert datetime.timedelta(days=30) < ends - datetime.datetime.now(datetime.UTC) < datetime.timedelta(days=365)


def test_the_context_is_read_at_its_address() -> None:
    answer = site().get("/context.jsonld")
    assert answer.headers["Content-Type"].startswith("application/ld+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json() == json.loads((ONTOLOGY / "context.jsonld").read_text("utf-8"))
    document = {"@context": site().url + "/context.jsonld", "@id": "id:x", "@type": "Law"}
    (node,) = jsonld.expand(document)
    assert node["@type"] == ["https://w3id.org/ca-ai-policy/ontology/Law"]
