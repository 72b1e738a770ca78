"""The links to other datasets: how their table is read, and that those of the record hold."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from csvw import CSVW
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.build import validate_data
from kg.errors import DataError, SyntaxDataError
from kg.namespaces import PREFIXES, expand
from kg.pipeline import Files
from kg.read import Document
from kg.settings import Settings
from kg.terms import DCTERMS, GRAPH, SKOS
from tests.served import ROOT, record

DATA = ROOT / "tests" / "data"
TABLE = ROOT / "data" / "links.csv"
ROW = "kz-parliament,wikidata,Q1005,exact,2026-11-25,https://chambers.example/,country"
WRONG = {
    "kz-parlament,wikidata,Q1005,exact,2026-11-25,https://x.example/,country": "there is no 'kz-parlament'",
    "kz-parliament,wikipedia,Q1005,exact,2026-11-25,https://x.example/,country": "there is no 'wikipedia'",
    "kz-parliament,wikidata,Q1005,same,2026-11-25,https://x.example/,country": "there is no 'same'",
    "kz-parliament,wikidata,1005,exact,2026-11-25,https://x.example/,country": "'1005' is no identifier of wikidata",
    "kz-parliament,ror,0kaznu,exact,2026-11-25,https://x.example/,country": "'0kaznu' is no identifier of ror",
    "kz-parliament,wikidata,Q1005,exact,25.11.2026,https://x.example/,country": "'25.11.2026' is no day",
    "kz-parliament,wikidata,Q1005,exact,2026-11-25,the register,country": "'the register' is no web address",
    "kz-parliament,wikidata,Q1005,exact,2026-11-25,https://x.example/, ": "nothing agrees but the name",
    "kz-parliament,wikidata,Q1003,exact,2026-11-25,https://x.example/,country": "Q1003 names two things",
    "kz-ministry-of-machines,wikidata,Q9,exact,2026-11-25,https://x.example/,country": "two identifiers in wikidata",
    "kz-parliament,wikidata,Q1005,exact,2026-11-25,https://x.example/": "6 cells under 7 headings",
}

SCHEMES = {
    *("celex", "eli", "eu-corporate-body", "eu-country", "geonames", "iso-3166-2", "lei", "oecd-ai", "ror", "sdg"),
    *("un-locode", "wikidata"),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A copy of the mini record."""
    shutil.copytree(DATA / "mini", tmp_path / "data")
    return replace(Settings.default(ROOT), data=tmp_path / "data", snapshots=tmp_path / "build")


def add(settings: Settings, row: str) -> int:
    """Add a row to the links; its line is returned."""
    table = settings.data / "links.csv"
    table.write_text(table.read_text("utf-8") + row + "\n", "utf-8")
    return len(table.read_text("utf-8").splitlines())


def links_of(settings: Settings) -> Document:
    (document,) = (one for one in Files.read(settings).documents if one.path.name == "links.csv")
    return document


def test_a_row_is_a_mapping_and_a_check(settings: Settings) -> None:
    document = links_of(settings)
    store = Store()
    store.extend(document.quads)
    thing, check = (NamedNode(expand(f"id:kg-bureau-of-engines{end}")) for end in ("", "--wikidata"))
    (mapping,) = store.quads_for_pattern(thing, None, None, GRAPH.registry)
    assert (mapping.predicate, mapping.object) == (SKOS.closeMatch, NamedNode(expand("wd:Q1004")))
    quads = store.quads_for_pattern(check, None, None)
    facts = {quad.predicate.value.rpartition("/")[2]: quad.object.value for quad in quads}  # type: ignore[union-attr]
    assert facts["identifier"] == "Q1004"
    assert facts["identifierScheme"] == expand("concept:identifier-wikidata")
    assert facts["linkRelation"] == SKOS.closeMatch.value
    assert facts["linksTo"] == expand("wd:Q1004")
    assert facts["retrievedOn"] == "2026-11-25"
    assert facts["url"] == "https://ministries.example/engines"
    assert facts["description"] == "country; the item is named Office of Engines"
    assert document.line(check.value) == 2


def test_an_identifier_without_an_iri_is_text(settings: Settings) -> None:
    add(settings, "kz-parliament,iso-3166-2,XN-10,exact,2026-11-25,https://x.example/,country")
    thing = NamedNode(expand("id:kz-parliament"))
    (quad,) = (quad for quad in links_of(settings).quads if quad.subject == thing)
    assert (quad.predicate, quad.object) == (DCTERMS.identifier, Literal("XN-10"))


@pytest.mark.parametrize("row", WRONG)
def test_what_is_wrong_with_a_row_names_its_line(settings: Settings, row: str) -> None:
    line = add(settings, row)
    with pytest.raises(SyntaxDataError) as caught:
        Files.read(settings)
    assert WRONG[row] in str(caught.value)
    assert (caught.value.line, bool(caught.value.hint)) == (line, True)


def test_the_table_is_checked_alone(settings: Settings) -> None:
    add(settings, ROW)
    assert validate_data(settings, [settings.data / "links.csv"]) == ()


def test_an_iri_of_another_dataset_has_ours_as_hint(settings: Settings) -> None:
    source = settings.data / "sources" / "kz" / "gazette-law.trig"
    text = source.read_text("utf-8")
    wrong = re.sub(r"id:kz-ministry-of-machines\b", "<http://www.wikidata.org/entity/Q1003>", text)
    assert wrong != text
    source.write_text(wrong, "utf-8")
    with pytest.raises(DataError) as caught:
        validate_data(settings, [source])
    assert caught.value.hint == "write id:kz-ministry-of-machines"


# The record.


@cache
def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_scheme(scheme: str) -> list[str]:
    return [row["identifier"] for row in rows() if row["scheme"] == scheme]


def test_the_metadata_are_csvw_and_the_rows_are_sorted() -> None:
    assert CSVW(str(TABLE.with_name("links.csv-metadata.json")), validate=True).is_valid
    keys = [(row["thing"], row["scheme"]) for row in rows()]
    assert keys == sorted(set(keys))


def test_there_are_links_in_every_scheme() -> None:
    counts = Counter(row["scheme"] for row in rows())
    assert counts["wikidata"] >= 150
    assert set(counts) == SCHEMES


def test_no_identifier_names_two_things() -> None:
    assert [key for key, n in Counter((r["scheme"], r["identifier"]) for r in rows()).items() if n > 1] == []


def mod_97(text: str) -> int:
    """The checksum of ISO 7064 MOD 97-10 over digits and letters."""
    return int("".join(str(int(sign, 36)) for sign in text)) % 97


@pytest.mark.parametrize("lei", of_scheme("lei"))
def test_the_checksum_of_an_lei_is_right(lei: str) -> None:
    assert mod_97(lei) == 1


@pytest.mark.parametrize("ror", of_scheme("ror"))
def test_the_checksum_of_a_ror_identifier_is_right(ror: str) -> None:
    number = 0
    for sign in ror[1:7]:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(sign)
    assert int(ror[7:]) == 98 - (number * 100) % 97


def ask(query: str) -> list[tuple[str, ...]]:
    """The local names or texts of an answer over the record."""
    found = record().query("".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items()) + query)
    assert isinstance(found, QuerySolutions)
    return [tuple(term.value.removeprefix(PREFIXES["id"]) for term in row if term is not None) for row in found]  # type: ignore[union-attr]


def test_every_link_is_in_the_accepted_view_with_its_check() -> None:
    shown = ask("""SELECT ?thing ?notation ?identifier {
      GRAPH graph:links {
        ?check a aip:LinkCheck ; aip:about ?thing ; aip:identifierScheme ?scheme ; dcterms:identifier ?identifier ;
          aip:linkRelation ?relation .
        OPTIONAL { ?check aip:linksTo ?iri }
      }
      GRAPH graph:concepts { ?scheme skos:notation ?notation }
      BIND(COALESCE(?iri, ?identifier) AS ?value)
      BIND(IF(BOUND(?iri), ?relation, dcterms:identifier) AS ?property)
      GRAPH graph:accepted { ?thing ?property ?value }
    }""")
    assert sorted(shown) == sorted((row["thing"], row["scheme"], row["identifier"]) for row in rows())


def test_the_codes_of_states_are_those_of_the_registry() -> None:
    codes = {(row["thing"], row["identifier"]) for row in rows() if row["scheme"] == "eu-country"}
    assert codes == set(ask("SELECT ?state ?code { GRAPH graph:registry { ?state aip:isoAlpha3 ?code } }"))


def test_a_publisher_that_is_a_body_leads_to_it() -> None:
    query = """SELECT ?publisher ?body { GRAPH graph:registry {
      ?publisher a aip:Publisher ; rdfs:label ?name .
      ?body rdfs:label ?name ; a ?kind . FILTER(?kind NOT IN (aip:Publisher, aip:Post))
      FILTER NOT EXISTS { ?publisher skos:exactMatch ?body } } }"""
    assert ask(query) == []
    assert ("int-publisher-unesco", "int-unesco") in ask(query.replace("NOT EXISTS", "EXISTS"))
