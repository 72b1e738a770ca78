"""The pages over the real record: an application in this process, and a site in a process of its own for browsers."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from kg.pipeline import today
from kg.settings import Settings
from tests.built import ROOT, built
from tests.served import Site, start
from web.config import WebSettings
from web.site.app import create_app

#: One address of each kind of page.
PAGES = {
    "home": "/",
    "home, another figure": "/?figure=law",
    "country": "/country/kz",
    "country on a day": "/country/uz?asOf=2020-01-01",
    "instrument": "/id/kz-law-on-ai",
    "instrument on a day": "/id/kz-law-on-ai?asOf=2025-03-31",
    "body": "/id/kz-ministry-ai-digital-development",
    "person": "/id/kz-person-tokayev",
    "post": "/id/kz-post-minister-ai",
    "target": "/id/uz-target-labs-10",
    "target with measurements": "/id/uz-target-gairi-top50-2030",
    "asset": "/id/kz-alem-cloud",
    "event": "/id/kz-law-on-ai--in-force-1",
    "forum": "/id/kz-digital-bridge-2025",
    "metric": "/id/int-metric-gairi-rank",
    "index": "/id/int-gairi",
    "publisher": "/id/int-publisher-the-times-of-central-asia",
    "provision": "/id/kz-law-on-ai--provision-audit",
    "source": "/source/law-at",
    "passage": "/passage/law-at.2",
    "assertion": "/assertion/law-at.2",
    "concept": "/concept/topic-education",
    "concept scheme": "/concept/topics",
    "class": "/ontology/Target",
    "property": "/ontology/deadline",
    "ontology": "/ontology",
    "about": "/about",
    "evidence of a statement": "/evidence?s=id:kz-law-on-ai--in-force-1&p=aip:date",
    "evidence of a node": "/evidence?s=id:kz-law-on-ai--in-force-1",
    "evidence of an inference": "/evidence?s=id:kz-law-on-ai&p=rdf:type&o=aip:Instrument",
    "targets": "/targets",
    "compare": "/compare",
    "acts compared": "/compare-acts?a=kz-draft-law-on-ai&b=kz-law-on-ai",
    "timeline": "/timeline",
    "network": "/network",
    "questions": "/questions",
    "question": "/query/overdue",
    "search": "/search?q=digital",
    "sources": "/sources",
    "disagreements": "/disagreements",
    "new": "/new",
}


@cache
def record() -> Path:
    """The folder of snapshots with the real record as the current one."""
    return built(ROOT / "data", today())


@cache
def application() -> Flask:
    """The site in this process."""
    graph = replace(Settings.default(ROOT), snapshots=record())
    return create_app(WebSettings(graph))


@cache
def explorer() -> Site:
    """The site in a process of its own."""
    return start(folder=record())


def chromium() -> str:
    """Where Debian's Chromium is; without it a browser test is skipped, but never in continuous integration."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed; .ci/run installs it")
    assert found, "Chromium is missing: .ci/run installs it"
    return found
