"""Names are found in any language and script, with a slip of typing, and fast."""

from __future__ import annotations

import statistics
import time

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.namespaces import expand
from kg.terms import GRAPH
from web.search import Index
from web.search.folding import fold

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
}


@pytest.fixture(scope="module")
def index() -> Index:
    store = Store()
    for name, (kind, labels) in NAMES.items():
        thing = NamedNode(expand(name))
        store.add(Quad(thing, NamedNode(expand("rdf:type")), NamedNode(expand(kind)), GRAPH.registry))
        for language, label in labels.items():
            literal = Literal(label, language=language)
            store.add(Quad(thing, NamedNode(expand("rdfs:label")), literal, GRAPH.accepted))
    source = NamedNode(expand("source:one"))
    store.add(Quad(source, NamedNode(expand("rdf:type")), NamedNode(expand("aip:Source")), GRAPH.sources))
    title = Literal("Жаңы доор", language="ky")
    store.add(Quad(source, NamedNode(expand("dcterms:title")), title, GRAPH.accepted))
    return Index(store)


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


def test_the_two_scripts_of_uzbek_meet() -> None:
    assert fold("Ўзбекистон Республикаси қарори") == fold("Oʻzbekiston Respublikasi qarori")
    assert fold("O‘zbekiston") == fold("O'zbekiston") == fold("Oʼzbekiston")


def test_is_fast(index: Index) -> None:
    took = []
    for asked in ["artificial intelligence", "raqamli", "мирзиёев", "strategy of tajikstan"] * 5:
        began = time.perf_counter()
        index.search(asked)
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.05
