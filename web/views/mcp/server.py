"""The server of the SDK over our tools and resources. It has no state: each request or connection has its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from werkzeug.exceptions import HTTPException

from kg import __version__
from kg.errors import GraphError, ParameterError
from web.snapshot import snapshot
from web.views.mcp.arguments import Json
from web.views.mcp.card import DESCRIPTION, NAME, TITLE
from web.views.mcp.tools import RESOURCES, TEMPLATE, TURTLE, Tool, read, tools

T = TypeVar("T")
Context = ServerRequestContext[dict[str, object]]
_INSTRUCTIONS = Path(__file__).with_name("instructions.txt")
_HINTS = types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


class Runner(Protocol):
    """Runs a function that needs the application: where it is, or in a thread and a context of its own."""

    async def __call__(self, function: Callable[[], T]) -> T:
        """The result of the function."""
        ...


def make_server(run: Runner) -> Server[dict[str, object]]:
    """A server whose handlers run what they call by a runner."""
    handlers = _Handlers(run)
    return Server(
        NAME,
        version=__version__,
        title=TITLE,
        description=DESCRIPTION,
        instructions=_INSTRUCTIONS.read_text("utf-8"),
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
    )


class _Handlers:
    """The requests of the protocol that the server answers."""

    def __init__(self, run: Runner) -> None:
        self.run = run

    async def list_tools(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        listed = await self.run(lambda: [_tool(tool) for tool in tools(snapshot()).values()])
        return types.ListToolsResult(tools=listed)

    async def call_tool(self, _: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await self.run(lambda: _call(params.name, params.arguments or {}))

    async def list_resources(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        resources = [
            types.Resource(uri=one.uri, name=one.name, description=one.description, mime_type=one.media_type)
            for one in RESOURCES
        ]
        return types.ListResourcesResult(resources=resources)

    async def list_templates(
        self, _: Context, __: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        about = "All that the graph says of a thing, with its evidence, in Turtle."
        thing = types.ResourceTemplate(uri_template=TEMPLATE, name="thing", description=about, mime_type=TURTLE)
        return types.ListResourceTemplatesResult(resource_templates=[thing])

    async def read_resource(self, _: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        contents = await self.run(lambda: _contents(params.uri))
        return types.ReadResourceResult(contents=[contents])


def _tool(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name, title=tool.title, description=tool.description, input_schema=tool.schema, annotations=_HINTS
    )


def _call(name: str, given: Json) -> types.CallToolResult:
    """The answer of a tool; what is wrong with a call is told to the model, which can then call it right."""
    known = tools(snapshot())
    if name not in known:
        message = f"there is no tool {name[:60]!r}; there are: {', '.join(known)}"
        raise MCPError(types.INVALID_PARAMS, message)
    try:
        answer = known[name].call(given)
    except GraphError as error:
        return types.CallToolResult(content=[_text(_told(error))], is_error=True)
    except HTTPException as error:
        return types.CallToolResult(content=[_text(error.description or error.name)], is_error=True)
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return types.CallToolResult(content=[_text(text)], structured_content=answer)


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)


def _told(error: GraphError) -> str:
    """An error with what to do."""
    parts = [str(error), error.hint or ""]
    if isinstance(error, ParameterError) and error.allowed:
        parts.append(f"allowed: {', '.join(map(str, error.allowed))}"[:3000])
    return "\n".join(dict.fromkeys(filter(None, parts)))


def _contents(uri: str) -> types.TextResourceContents:
    try:
        media_type, text = read(uri)
    except (GraphError, ValueError) as error:
        raise MCPError(types.INVALID_PARAMS, str(error)[:500]) from error
    return types.TextResourceContents(uri=uri, mime_type=media_type, text=text)
