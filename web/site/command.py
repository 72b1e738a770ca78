"""``kg serve``: the site and the endpoint; `kg` knows it by the entry point of this project."""

import os
import re
from dataclasses import replace

import click


def _address(_: click.Context, parameter: click.Parameter, url: str | None) -> str | None:
    """An address without its last slash; ``None`` for an empty one."""
    if url and not url.startswith(("http://", "https://")):
        raise click.BadParameter(f"{url!r} is not an http or https address", param=parameter)
    return url.rstrip("/") if url else None


def _contact(_: click.Context, parameter: click.Parameter, address: str | None) -> str | None:
    if address and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\S+)", address):
        raise click.BadParameter(f"{address!r} is no mailto:, https: or tel: address", param=parameter)
    return address or None


def _corrections(_: click.Context, parameter: click.Parameter, address: str | None) -> str | None:
    if address and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://[^\s#]+)", address):
        raise click.BadParameter(f"{address!r} is no mailto: or https: address", param=parameter)
    return address or None


@click.command("serve", context_settings={"auto_envvar_prefix": "KG", "show_default": True})
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=8000, type=click.IntRange(1, 65535), help="Port.")
@click.option(
    "--workers",
    default=lambda: min(4, os.cpu_count() or 1),
    show_default="one a processor, at most 4",
    type=click.IntRange(1, 64),
    help="Web processes.",
)
@click.option("--timeout", default=30.0, type=click.FloatRange(0.1, 3600), help="Seconds a query may take.")
@click.option("--memory", default=1024, type=click.IntRange(256), help="Megabytes a query may use.")
@click.option("--disk-above", default=2_000_000, type=click.IntRange(0), help="Quads above which all is read on disk.")
@click.option("--base-url", callback=_address, help="Address the site is reached at, if a proxy changes it.")
@click.option("--engine", callback=_address, help="Use this SPARQL 1.1 endpoint instead of the built-in engine.")
@click.option("--contact", callback=_contact, help="Address (mailto: or https:) for reports of problems: security.txt.")
@click.option(
    "--corrections",
    callback=_corrections,
    help="Address (mailto: or https: for new issues) for corrections of the data.",
)
@click.option("--prepare/--no-prepare", default=True, help="Make pages and downloads ahead, in the background.")
@click.option("--access-log/--no-access-log", default=True, help="A line of JSON for each request on stdout.")
def serve_command(host: str, port: int, memory: int, engine: str | None, **options: object) -> None:
    """Serve the explorer, the query API and the SPARQL endpoint.

    Every option can be set by an environment variable: KG_HOST, KG_PORT, KG_WORKERS, KG_TIMEOUT,
    KG_MEMORY, KG_DISK_ABOVE, KG_BASE_URL, KG_ENGINE, KG_CONTACT, KG_CORRECTIONS, KG_PREPARE, KG_ACCESS_LOG.
    """
    from web.config import WebSettings
    from web.site.serve import check_address, serve

    settings = WebSettings.from_environment()
    settings = replace(settings, engine=None, remote=engine, memory=memory << 20, **options)  # type: ignore[arg-type]
    check_address(host, port)
    click.echo(f"http://{host}:{port}/", err=True)
    serve(settings, host, port)
