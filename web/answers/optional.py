"""What a site has only if an extra of the project was installed."""

from functools import cache
from importlib.util import find_spec


@cache
def has_agents() -> bool:
    """Whether the library of the Model Context Protocol is there (the extra ``agents``)."""
    return find_spec("mcp") is not None
