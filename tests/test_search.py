"""Names are found in any language and script, with a slip of typing, and fast."""

from __future__ import annotations

import unicodedata

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.namespaces import expand
from kg.search import index_in_memory
from kg.search.folding import fold
from kg.search.stems import with_stems
from kg.terms import AIP, DCTERMS, GRAPH, XSD
from web.search import Filter, Index
from web.search.marking import excerpt
from web.search.ranking import MAX_WORDS

NAMES = {
    "id:kz-law-on-ai": ("aip:Law", {"en": "Law on Artificial Intelligence", "kk": "Жасанды интеллект туралы"}),
    "id:kz-person-tokayev": ("aip:Person", {"en": "Kassym-Jomart Tokayev", "ru": "Касым-Жомарт Токаев"}),
    "id:uz-ai-strategy": ("aip:Strategy", {"en": "AI Strategy", "uz-cyrl": "Сунъий интеллект технологиялари"}),
    "id:uz-digital": ("aip:Strategy", {"en": "Digital Uzbekistan", "uz-latn": "Raqamli Oʻzbekiston – 2030"}),
    "id:uz-person-mirziyoyev": ("aip:Person", {"en": "Shavkat Mirziyoyev", "ru": "Шавкат Мирзиёев"}),
    "id:kg-digital": ("aip:Programme", {"en": "Digital Kyrgyzstan", "ky": "Санариптик Кыргызстан өнүгүү"}),
    "id:tj-ai-strategy": ("aip:Strategy", {"en": "AI Strategy of Tajikistan", "tg": "Стратегияи рушди зеҳни сунъӣ"}),
    "id:tm-ministry": ("aip:Ministry", {"en": "Ministry of Communications", "tk": "Türkmenaragatnaşyk"}),
    "id:int-publisher-x": ("aip:Publisher", {"en": "Tokayev Daily"}),
    "id:kz-law-on-ai--provision-1": ("aip:Provision", {"en": "Liability"}),
    "id:int-metric-month": ("aip:Metric", {"en": "months", "kk": "ай"}),
}
SAID = "Misuse of biometrics brings a penalty of fifty units."


@pytest.fixture(scope="module")
def index() -> Index:
    store = Store()
    for name, (kind, labels) in NAMES.items():
        thing = NamedNode(expand(name))
        store.add(Quad(thing, NamedNode(expand("rdf:type")), NamedNode(expand(kind)), GRAPH.registry))
        for language, label in labels.items():
            literal = Literal(label, language=language)
            store.add(Quad(thing, NamedNode(expand("rdfs:label")), literal, GRAPH.accepted))
    law, kazakhstan = NamedNode(expand("id:kz-law-on-ai")), NamedNode(expand("id:kz"))
    provision = NamedNode(expand("id:kz-law-on-ai--provision-1"))
    store.add(Quad(provision, DCTERMS.description, Literal(SAID, language="en"), GRAPH.accepted))
    store.add(Quad(law, AIP.actNumber, Literal("230-VIII"), GRAPH.accepted))
    store.add(Quad(law, AIP.signedOn, Literal("2025-11-17", datatype=XSD.date), GRAPH.accepted))
    store.add(Quad(law, AIP.country, kazakhstan, GRAPH.accepted))
    store.add(Quad(kazakhstan, AIP.coverageOrder, Literal(1), GRAPH.registry))
    source = NamedNode(expand("source:one"))
    store.add(Quad(source, NamedNode(expand("rdf:type")), NamedNode(expand("aip:Source")), GRAPH.sources))
    title = Literal("Жаңы доор", language="ky")
    store.add(Quad(source, NamedNode(expand("dcterms:title")), title, GRAPH.accepted))
    return Index(index_in_memory(store))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        # Kazakh in its own letters, in Russian letters, in Latin of two kinds
        ("Жасанды интеллект туралы", "id:kz-law-on-ai"),
        ("жасанды интелект", "id:kz-law-on-ai"),
        ("zhasandy intellekt turaly", "id:kz-law-on-ai"),
        ("jasandy intellekt", "id:kz-law-on-ai"),
        # Uzbek: Latin finds Cyrillic and the reverse
        ("sun'iy intellekt", "id:uz-ai-strategy"),
        ("sunʼiy intellekt texnologiyalari", "id:uz-ai-strategy"),
        ("Рақамли Ўзбекистон", "id:uz-digital"),
        ("raqamli o'zbekiston", "id:uz-digital"),
        ("raqamli ozbekiston", "id:uz-digital"),
        # Kyrgyz, Tajik, Turkmen with and without their letters
        ("санариптик кыргызстан онугуу", "id:kg-digital"),
        ("sanariptik", "id:kg-digital"),
        ("жаны доор", "source:one"),
        ("зехни суни", "id:tj-ai-strategy"),
        ("zehni sun'i", "id:tj-ai-strategy"),
        ("turkmenaragatnasyk", "id:tm-ministry"),
        # Russian and its transliterations
        ("Токаев", "id:kz-person-tokayev"),
        ("Тоқаев", "id:kz-person-tokayev"),
        ("tokaev", "id:kz-person-tokayev"),
        ("Мирзиёев", "id:uz-person-mirziyoyev"),
        ("Мирзиеев", "id:uz-person-mirziyoyev"),
        # slips of typing, beginnings, other order
        ("artifical inteligence law", "id:kz-law-on-ai"),
        ("tokayve", "id:kz-person-tokayev"),
        ("tokay", "id:kz-person-tokayev"),
        ("digit kyrg", "id:kg-digital"),
        ("law kz", "id:kz-law-on-ai"),
    ],
)
def test_finds_first(index: Index, asked: str, found: str) -> None:
    assert [hit.iri for hit in index.search(asked)][:1] == [expand(found)]


def test_tells_kind_and_the_name_that_fits(index: Index) -> None:
    best = index.search("жасанды интеллект")[0]
    assert best.group == "instrument"
    assert (best.name, best.language) == ("Жасанды интеллект туралы", "kk")


@pytest.mark.parametrize("asked", ["", "   ", "!?", "🙂", '"', "a:b", "(law", "*", "NOT AND OR", "\x00", "a" * 9999])
def test_anything_may_be_asked(index: Index, asked: str) -> None:
    assert isinstance(index.search(asked), list)


def test_says_nothing_of_what_is_not_there(index: Index) -> None:
    assert index.search("photosynthesis") == []


@pytest.mark.parametrize("asked", ["zzzz", "kkk", "LLLL", "ззз", "ааа", "xxxx", "ngngng", "iii", "zz aa"])
def test_repeated_letters_are_not_a_single_one(index: Index, asked: str) -> None:
    """A letter that is doubled by mistake does no harm, but nothing is left of a word that is nothing else."""
    assert index.find(asked).hits == ()
    assert index.find(asked).unknown == tuple(asked.split())


@pytest.mark.parametrize("letter", ["z", "l", "ж"])
def test_a_single_letter_begins_no_words(index: Index, letter: str) -> None:
    assert index.search(letter) == []


def test_says_which_words_are_nowhere(index: Index) -> None:
    assert index.find("zzzz law").unknown == ("zzzz",)
    assert {hit.iri for hit in index.find("zzzz law").hits} == {hit.iri for hit in index.find("law").hits}
    assert index.find("artifical inteligence").unknown == ()


def test_says_which_words_it_did_not_look_for(index: Index) -> None:
    words = [f"w{number}x" for number in range(MAX_WORDS + 2)]
    assert index.find(" ".join(words)).not_searched == tuple(words[MAX_WORDS:])
    assert index.find(" ".join(words[:MAX_WORDS])).not_searched == ()


def test_abbreviations_of_one_letter_twice_stay_themselves() -> None:
    assert fold("ИИ") != fold("и")
    assert fold("ТОО") != fold("to")
    assert fold("Тоо") == fold("too")
    assert fold("intelllect") == fold("intellect") == fold("intelect")


def test_the_two_scripts_of_uzbek_meet() -> None:
    assert fold("Ўзбекистон Республикаси қарори") == fold("Oʻzbekiston Respublikasi qarori")
    assert fold("O‘zbekiston") == fold("O'zbekiston") == fold("Oʼzbekiston")


def test_finds_what_is_said_of_a_thing_and_marks_the_words(index: Index) -> None:
    best = index.search("penalties for misusing biometrics")[0]
    assert (best.iri, best.group) == (expand("id:kz-law-on-ai--provision-1"), "provision")
    marked = excerpt(best.text, "penalties for misusing biometrics")
    assert [part.text for part in marked if part.is_match] == ["Misuse", "biometrics", "penalty"]
    assert "".join(part.text for part in marked) == best.text


def test_narrows_to_kinds_countries_and_years(index: Index) -> None:
    found = index.find("law")
    assert found.kinds["instrument"] >= 1
    assert {hit.group for hit in index.search("law", Filter(kinds=frozenset({"provision"})))} == {"provision"}
    assert {hit.iri for hit in index.search("law", Filter(countries=frozenset({"kz"})))} == {expand("id:kz-law-on-ai")}
    assert [hit.iri for hit in index.search("law", Filter(first_year=2025, last_year=2025))][:1] == [
        expand("id:kz-law-on-ai")
    ]
    assert index.search("law", Filter(first_year=2031)) == []


@pytest.mark.parametrize("asked", ["230-VIII", "kz-law-on-ai", expand("id:kz-law-on-ai"), "id:kz-law-on-ai"])
def test_what_is_named_comes_first(index: Index, asked: str) -> None:
    best = index.search(asked)[0]
    assert (best.iri, best.exact) == (expand("id:kz-law-on-ai"), True)


def test_a_short_name_of_the_other_script_is_another(index: Index) -> None:
    assert not index.search("AI")[0].exact
    assert index.search("ай")[0].exact


def test_ignores_what_nobody_sees() -> None:
    assert fold("Tok\u00adayev") == fold("\u200eTokayev\u200b") == fold("Tokayev")
    assert fold("O\u02bczbekiston") == fold("O\u2019zbekiston") == fold("O\uff07zbekiston") == fold("O`zbekiston")


def test_an_excerpt_shows_where_the_words_are() -> None:
    text = "Nothing here. " * 60 + "A fine follows. " + "Nothing there. " * 60
    parts = excerpt(text, "fines")
    assert [part.text for part in parts if part.is_match] == ["fine"]
    assert len("".join(part.text for part in parts)) < 400


@pytest.mark.parametrize("text", ["сунъий", "Мирзиёев", "Türkmenaragatnaşyk", "ай", "зеҳни сунъӣ"])
def test_letters_of_two_characters_are_letters(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    assert with_stems(apart) == with_stems(text)
    assert with_stems(f"{apart} {apart}") == with_stems(f"{text} {text}")
