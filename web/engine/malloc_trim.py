"""Memory that starting up and large answers leave behind is given back to the system; the C library would keep it."""

from __future__ import annotations

import ctypes
import threading
import time

PAUSE = 20.0


def give_back() -> None:
    """Give back what this process does not use, if its C library can (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def keep_small() -> None:
    """Do so again and again while the process lives."""
    threading.Thread(target=_again, daemon=True).start()


def _again() -> None:
    while True:
        time.sleep(PAUSE)
        give_back()
