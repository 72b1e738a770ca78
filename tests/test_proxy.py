"""Behind a proxy under a path prefix: addresses, files, redirects and documents are those that people use."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest
import requests

from tests.served import ROOT, Site, free_port, running, site

pytestmark = pytest.mark.server
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Site]]:
    """The public address under ``/graph`` at a real proxy, and the site behind it."""
    if not NGINX:
        pytest.skip("nginx is not installed (Debian package nginx-light)")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    address = f"http://127.0.0.1:{port}/graph"
    with running("--base-url", address) as own:
        text = (ROOT / "tests" / "data" / "nginx.conf").read_text("utf-8")
        for name, value in (("@FOLDER@", str(folder)), ("@PORT@", str(port)), ("@SITE@", own.url)):
            text = text.replace(name, value)
        (folder / "nginx.conf").write_text(text, "utf-8")
        proxy = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
        try:
            wait_for_port(port)
            yield address, own
        finally:
            proxy.terminate()
            proxy.wait(10)


def wait_for_port(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


def get(address: str, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(address, headers=named, timeout=20, allow_redirects=False)


def test_documents_name_the_public_address(public: tuple[str, Site]) -> None:
    address, _ = public
    assert get(address + "/health").text == "ok\n"
    assert get(address + "/openapi.json").json()["servers"] == [{"url": address}]
    assert f"<{address}/sparql>" in get(address + "/sparql", Accept="text/turtle").text
    assert get(address + "/nothing").json()["type"].startswith(address + "/help/problems/")
    assert f"<{address}/id/kz.ttl>" in get(address + "/id/kz").headers["Link"]
    assert get(address + "/sparql?query=ASK%7B%7D").json()["boolean"] is True
    assert f"Sitemap: {address}/sitemap.xml" in get(address + "/robots.txt").text
    assert f"<loc>{address}/country/kz</loc>" in get(address + "/sitemap.xml").text
    assert get(address + "/data/").json()["files"][0]["url"].startswith(address + "/download/")
    assert get(address + "/query/timeline.rows?limit=1").headers["Link"].startswith(f"<{address}/query/")


def test_pages_with_all_that_they_load(public: tuple[str, Site]) -> None:
    address, _ = public
    for path in ("/", "/country/kz", "/id/kz-law-on-ai", "/query/targets", "/editor"):
        page = get(address + path, Accept="text/html")
        assert page.status_code == 200, path
        loaded = re.findall(r'(?:src|href)="(/[^"#]*)"', page.text)
        assert loaded
        for link in loaded:
            assert link.startswith("/graph/"), link
        for link in (link for link in loaded if "/static/" in link):
            assert get(address.removesuffix("/graph") + link).status_code == 200, link


def test_redirects_stay_under_the_prefix(public: tuple[str, Site]) -> None:
    address, _ = public
    for path, target in (
        ("/query/targets/", "/query/targets"),
        ("/data/ca-ai-policy.ttl", "/download/ca-ai-policy.ttl"),
        ("/preferences?lang=ru&back=/countries", "/countries"),
    ):
        location = get(address + path).headers["Location"]
        assert location.removeprefix(address.removesuffix("/graph")) == "/graph" + target


def test_the_path_may_come_with_or_without_the_prefix(public: tuple[str, Site]) -> None:
    """The site has addresses below /graph of its own, so a proxy that takes the prefix off says so."""
    address, own = public
    registry = get(address + "/graph/registry.nt").text
    assert registry.startswith("<http")
    assert own.get("/graph/graph/registry.nt").text == registry
    assert own.get("/graph/registry.nt", headers={"X-Forwarded-Prefix": "/graph"}).text == registry
    assert own.get("/id/kz").status_code == own.get("/graph/id/kz").status_code == 200


def test_what_strangers_say_of_hosts_is_not_believed(public: tuple[str, Site]) -> None:
    address, _ = public
    lied = get(address + "/openapi.json", X_Forwarded_Host="evil.example", X_Forwarded_Proto="gopher")
    assert lied.json()["servers"] == [{"url": address}]
    alone = site().get(
        "/openapi.json",
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Proto": "https"},
    )
    assert alone.json()["servers"] == [{"url": site().url}]
