"""What browsers and crawlers look for: sitemap, icon, manifest, search, contact, context, the dataset in the pages."""

from __future__ import annotations

import datetime
import json
import re
import time
from xml.etree import ElementTree

import pytest
import requests
from pyld import jsonld
from pyoxigraph import RdfFormat, Store

from kg.formats import GRAPH_FORMATS
from kg.namespaces import PREFIXES
from kg.tabular.export import available_formats
from tests.ontology_files import ONTOLOGY
from tests.served import running, site, start

pytestmark = pytest.mark.server
SPDX, VCARD = "http://spdx.org/rdf/terms#", "http://www.w3.org/2006/vcard/ns#"
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


def described() -> Store:
    store = Store()
    store.load(site().get("/.well-known/void", headers={"Accept": "text/turtle"}).content, format=RdfFormat.TURTLE)
    return store


def rows(query: str) -> list[dict[str, str]]:
    solutions = described().query(query, prefixes=PREFIXES | {"spdx": SPDX, "vcard": VCARD})
    names = [variable.value for variable in solutions.variables]  # type: ignore[union-attr]
    return [{name: solution[name].value for name in names} for solution in solutions]  # type: ignore[union-attr]


def test_files_are_catalogued_with_size_and_checksum() -> None:
    listing = site().get("/data/").json()
    entries = [entry for entry in (*listing["files"], *listing["tables"]) if entry["sha256"]]
    listed = {entry["url"]: (str(entry["bytes"]), entry["sha256"]) for entry in entries}
    found = rows(
        "SELECT ?url ?size ?sum { ?d a dcat:Distribution ; dcat:downloadURL ?url ; dcat:byteSize ?size ; spdx:checksum"
        " [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?sum ] }"
    )
    assert {row["url"]: (row["size"], row["sum"]) for row in found} == listed


def test_addresses_of_the_catalogue_answer_here() -> None:
    found = rows(
        "SELECT DISTINCT ?x { ?s ?p ?x VALUES ?p { dcat:landingPage dcat:accessURL dcat:downloadURL dcat:endpointURL"
        " dcat:endpointDescription foaf:homepage void:sparqlEndpoint void:dataDump vcard:hasURL } }"
    )
    assert len(found) > 6
    for row in found:
        assert row["x"].startswith(site().url + "/")
        assert requests.head(row["x"], headers=BROWSER, timeout=30, allow_redirects=True).status_code == 200


def test_values_of_the_catalogue_have_the_classes_that_dcat_ap_wants() -> None:
    for property_, cls in (
        ("dcat:contactPoint", "vcard:Organization"),
        ("dcat:contactPoint", "vcard:Kind"),
        ("dcat:accessURL", "rdfs:Resource"),
        ("dcat:downloadURL", "rdfs:Resource"),
        ("dcat:endpointURL", "rdfs:Resource"),
        ("dcat:themeTaxonomy", "skos:ConceptScheme"),
        ("<http://data.europa.eu/r5r/availability>", "skos:Concept"),
        ("spdx:algorithm", "spdx:ChecksumAlgorithm"),
        ("dcterms:publisher", "foaf:Agent"),
        ("dcterms:temporal", "dcterms:PeriodOfTime"),
        ("dcterms:license", "dcterms:LicenseDocument"),
        ("dcterms:language", "dcterms:LinguisticSystem"),
        ("dcterms:spatial", "dcterms:Location"),
        ("dcterms:accrualPeriodicity", "dcterms:Frequency"),
        ("dcterms:format", "dcterms:MediaTypeOrExtent"),
        ("dcat:mediaType", "dcterms:MediaType"),
        ("dcterms:conformsTo", "dcterms:Standard"),
        ("dcat:theme", "skos:Concept"),
        ("spdx:checksum", "spdx:Checksum"),
    ):
        assert rows(f"SELECT ?x {{ ?s {property_} ?x }} LIMIT 1"), property_
        assert not rows(f"SELECT ?x {{ ?s {property_} ?x FILTER NOT EXISTS {{ ?x a {cls} }} }}"), property_


def test_what_dcat_ap_recommends_is_said() -> None:
    wanted = {
        "dcat:Catalog": ("dcterms:issued", "dcterms:modified", "dcterms:spatial", "dcat:themeTaxonomy"),
        "dcat:DataService": ("dcat:theme", "dcat:keyword", "dcat:contactPoint", "dcat:endpointDescription"),
        "dcat:Dataset": ("dcat:theme", "dcat:keyword", "dcat:contactPoint", "dcterms:temporal", "dcterms:spatial"),
        "dcat:Distribution": ("dcterms:description", "dcterms:format", "<http://data.europa.eu/r5r/availability>"),
        "dcterms:LicenseDocument": ("dcterms:type",),
    }
    for cls, properties in wanted.items():
        for property_ in properties:
            assert rows(f"SELECT ?x {{ ?x a {cls} }} LIMIT 1"), cls
            assert not rows(f"SELECT ?x {{ ?x a {cls} FILTER NOT EXISTS {{ ?x {property_} ?y }} }}"), (cls, property_)


def test_downloads_are_written_ahead() -> None:
    ready = start(environ={"KG_PREPARE": "1"})
    try:
        until = time.monotonic() + 240
        entries: list[dict[str, str]] = []
        while time.monotonic() < until:
            text = ready.get("/.well-known/void", headers={"Accept": "text/turtle"}).text
            if text.count("checksumValue") == len(GRAPH_FORMATS) + len(available_formats()):
                break
            time.sleep(1)
        entries = ready.get("/data/").json()["tables"]
        assert [entry["url"] for entry in entries if not entry["sha256"]] == []
        assert all(entry["sha256"] in text for entry in entries)
    finally:
        assert ready.stop() == 0


@pytest.mark.parametrize("path", ["/", "/about", "/data/"])
def test_the_dataset_is_in_the_pages_and_agrees_with_the_catalogue(path: str) -> None:
    page = site().get(path, headers=BROWSER).text
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    document = json.loads(script)
    assert document == site().get("/dataset.schema.json").json()
    assert 50 <= len(document["description"]) <= 5000
    assert document["name"]
    (row,) = rows(
        "SELECT ?version ?issued ?modified ?start ?end { ?d a dcat:Dataset ; dcat:version ?version ;"
        " dcterms:issued ?issued ; dcterms:modified ?modified ;"
        " dcterms:temporal [ dcat:startDate ?start ; dcat:endDate ?end ] }"
    )
    assert document["version"] == row["version"]
    assert (document["datePublished"], document["dateModified"]) == (row["issued"], row["modified"])
    assert document["temporalCoverage"] == f"{row['start']}/{row['end']}"
