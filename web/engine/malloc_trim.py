"""Memory that starting up and large answers leave behind is returned to the system; the C library would keep it."""

from __future__ import annotations

import ctypes

INTERVAL = 20.0
"""Seconds between two trims of a web process."""


def trim_heap() -> None:
    """Return what this process does not use, if its C library can (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
