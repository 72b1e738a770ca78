"""``kg mcp``: the Model Context Protocol over standard input and output; `kg` knows it by an entry point."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from kg.errors import UsageError

if TYPE_CHECKING:
    from flask import Flask

T = TypeVar("T")


@click.command("mcp", context_settings={"auto_envvar_prefix": "KG", "show_default": True})
@click.option("--timeout", default=30.0, type=click.FloatRange(0.1, 3600), help="Seconds a query may take.")
@click.option("--memory", default=1024, type=click.IntRange(256), help="Megabytes a query may use.")
def mcp_command(timeout: float, memory: int) -> None:
    """Let a language model ask the graph: the Model Context Protocol over standard input and output.

    The client starts this command; with Claude Desktop and others the configuration is:
    {"mcpServers": {"ca-ai-policy": {"command": "kg", "args": ["mcp"]}}}
    """
    try:
        import anyio
        import mcp.server.stdio  # noqa: F401  only to know that it is there
    except ImportError as error:
        hint = "run: pip install 'ca-ai-policy[agents]'"
        raise UsageError("the library of the Model Context Protocol is not installed", hint=hint) from error
    from web.config import WebSettings
    from web.engine.supervisor import EngineSupervisor
    from web.site.app import create_app

    with tempfile.TemporaryDirectory(prefix="kg-", ignore_cleanup_errors=True) as private, ExitStack() as stack:
        folder = Path(private)
        settings = replace(
            WebSettings.from_environment(), timeout=timeout, memory=memory << 20, downloads=folder / "downloads"
        )
        engine = stack.enter_context(EngineSupervisor(replace(settings, engine=None), folder))
        app = create_app(replace(settings, engine=engine.link))
        click.echo("ready on standard input and output", err=True)
        anyio.run(_serve, app)


async def _serve(app: Flask) -> None:
    """Answer until the client closes standard input."""
    from anyio import to_thread
    from mcp.server.stdio import stdio_server

    from web.views.mcp.server import make_server

    async def run(function: Callable[[], T]) -> T:
        return await to_thread.run_sync(functools.partial(_in_request, app, function))

    server = make_server(run)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _in_request(app: Flask, function: Callable[[], T]) -> T:
    """Run what needs the application as a request would, after a new snapshot was opened if there is one."""
    with app.test_request_context("/"):
        return function()
