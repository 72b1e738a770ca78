"""Libraries that only some formats need, so that they are optional."""

from importlib import import_module
from typing import Any

from kg.errors import UsageError


def optional(name: str) -> Any:
    """The module of that name.

    :raises UsageError: if it is not installed; says how to get it
    """
    try:
        return import_module(name)
    except ImportError as error:
        hint = "run: pip install 'ca-ai-policy[tables]'"
        raise UsageError(f"this format needs {name}, which is not installed", hint=hint) from error
