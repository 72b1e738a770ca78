"""``kg serve``: the site and the endpoint."""

from __future__ import annotations

import os
from dataclasses import replace

import click


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, envvar="KG_HOST", help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), envvar="KG_PORT", help="Port.")
@click.option(
    "--workers",
    default=lambda: min(4, os.cpu_count() or 1),
    show_default="one a processor, at most 4",
    type=click.IntRange(1, 64),
    envvar="KG_WORKERS",
    help="Web processes.",
)
@click.option(
    "--timeout",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    envvar="KG_TIMEOUT",
    help="Seconds a query may take.",
)
@click.option(
    "--memory",
    default=1024,
    show_default=True,
    type=click.IntRange(256),
    envvar="KG_MEMORY",
    help="Megabytes a query may use.",
)
@click.option("--base-url", envvar="KG_BASE_URL", help="Address the site is reached at, if a proxy changes it.")
@click.option("--engine", envvar="KG_ENGINE", help="Ask this SPARQL 1.1 endpoint instead of the built-in engine.")
@click.option(
    "--access-log/--no-access-log",
    default=True,
    show_default=True,
    envvar="KG_ACCESS_LOG",
    help="A line of JSON a request on stdout.",
)
def serve_command(
    *,
    host: str,
    port: int,
    workers: int,
    timeout: float,
    memory: int,
    base_url: str | None,
    engine: str | None,
    access_log: bool,
) -> None:
    """Serve the explorer, the query API and the SPARQL endpoint.

    Every option can be set by an environment variable: KG_HOST, KG_PORT, KG_WORKERS, KG_TIMEOUT,
    KG_MEMORY, KG_BASE_URL, KG_ENGINE, KG_ACCESS_LOG.
    """
    from web.config import WebSettings
    from web.site.serve import serve

    settings = replace(
        WebSettings.from_environment(os.environ),
        engine=None,
        timeout=timeout,
        memory=memory << 20,
        base_url=_address("--base-url", base_url),
        remote=_address("--engine", engine),
        access_log=access_log,
        workers=workers,
    )
    click.echo(f"http://{host}:{port}/", err=True)
    serve(settings, host, port)


def _address(option: str, url: str | None) -> str | None:
    """An address without its last slash; ``None`` for an empty one."""
    if not url:
        return None
    if not url.startswith(("http://", "https://")):
        raise click.BadParameter(f"{url!r} is not an http or https address", param_hint=option)
    return url.rstrip("/")
