"""Long pages come in parts: a published table as a source, and the values of a metric."""

from __future__ import annotations

import re

import pytest

from kg.namespaces import PREFIXES
from kg.terms import AIP, GRAPH
from tests.explorer import application
from tests.served import record
from web.views.html.entity import OBSERVATIONS_PAGE
from web.views.html.provenance.records import PASSAGES_PAGE

MAX_BYTES = 100_000


def parts(path: str) -> list[str]:
    """The parts of a page, as a reader turns them."""
    pages = []
    client = application().test_client()
    while path:
        response = client.get(path, headers={"Accept": "text/html"})
        assert response.status_code == 200
        assert len(response.data) < MAX_BYTES
        pages.append(response.get_data(as_text=True))
        following = re.search(r'<a rel="next" href="([^"]+)"', pages[-1])
        path = following[1].replace("&amp;", "&") if following else ""
    return pages


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_published_table_is_read_in_parts(language: str) -> None:
    name = "undesa-egdi-2003-2022"
    pages = parts(f"/source/{name}?lang={language}")
    passages = re.findall(rf'<tr id="({name}\.\d+)"', "".join(pages))
    source = record().quads_for_pattern(None, AIP.inSource, None, GRAPH.sources)
    wanted = {quad.subject.value.removeprefix(PREFIXES["passage"]) for quad in source if name in quad.object.value}
    assert len(passages) == len(set(passages))
    assert set(passages) == {each for each in wanted if each.rpartition(".")[0] == name}
    assert len(pages) == -(-len(passages) // PASSAGES_PAGE) > 2
    assert f"/query/source-claims?source={name}" in pages[0]
    assert 'rel="prev"' not in pages[0]
    assert 'rel="prev"' in pages[-1]


def test_the_values_of_a_metric_are_read_in_parts() -> None:
    pages = parts("/id/int-metric-gairi-rank")
    rows = [len(re.findall(r"<tr>", page.partition("<tbody>")[2])) for page in pages]
    assert len(pages) > 2
    assert all(count >= OBSERVATIONS_PAGE for count in rows[:-1])
    assert "/query/index-ranks?index=int-gairi" in pages[0]


@pytest.mark.parametrize("path", ["/id/kz-law-on-ai", "/source/timesca-ai-pursuit"])
def test_a_short_page_has_one_part(path: str) -> None:
    response = application().test_client().get(path, headers={"Accept": "text/html"})
    assert 'class="pages"' not in response.get_data(as_text=True)
