"""Memory that starting up and large answers leave behind is returned to the system; the C library would keep it."""

import ctypes
import gc

INTERVAL = 20.0
"""Seconds between two trims of a web process."""


def trim_heap() -> None:
    """Return what this process does not use, if its C library can (glibc)."""
    if hasattr(library := ctypes.CDLL(None), "malloc_trim"):
        library.malloc_trim(0)


def settle() -> None:
    """Before a fork: return what is not used, and keep later collections from copying the pages that will be shared."""
    trim_heap()
    gc.freeze()
    gc.enable()
