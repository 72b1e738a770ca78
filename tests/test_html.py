"""Every kind of page is HTML as the specification has it, by the checker of the W3C (https://validator.github.io/)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.node import html_checker
from tests.served import site

pytestmark = [pytest.mark.server, pytest.mark.slow]
PATHS = (
    *("/", "/?lang=ru", "/targets", "/compare", "/timeline", "/network", "/questions", "/editor", "/sources"),
    *("/disagreements", "/new", "/ontology", "/about", "/api/", "/data/", "/search?q=law", "/search?q=nothing-at-all"),
    *("/country/kz", "/country/uz?lang=ru&asOf=2025-01-01", "/query/targets", "/query/instruments?country=uz"),
    *("/chart/instruments", "/evidence?s=id:kz-law-on-ai", "/id/kz-law-on-ai", "/ontology/Law", "/ontology/deadline"),
    *("/concept/topics", "/concept/topic-education", "/source/gazette-law", "/source/east-report", "/dataset"),
    *("/graph/accepted", "/release/0.1.0/ontology", "/help/problems/", "/help/problems/busy", "/nothing", "/cookbook"),
    *("/data/dictionary", "/embed/instruments", f"/search?q={'a' * 301}"),
)


def test_every_kind_of_page(tmp_path: Path) -> None:
    pages = {}
    for number, path in enumerate(PATHS):
        pages[f"{number:02}.html"] = path
        page = site().get(path, headers={"Accept": "text/html"})
        assert page.headers["Content-Type"].startswith("text/html"), path
        (tmp_path / f"{number:02}.html").write_bytes(page.content)
    found = html_checker(sorted(tmp_path.glob("*.html")))
    assert [f"{pages[line.partition('.html')[0][-2:] + '.html']} {line}" for line in found] == []
