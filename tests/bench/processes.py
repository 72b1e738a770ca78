"""What processes have used, read from /proc."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path


def proportional(pid: int) -> int:
    """Bytes of a process, shared pages counted in part."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) << 10 if found else 0


def command_of(pid: int) -> str:
    """The command that a process runs; empty if it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def computed(pid: int) -> float:
    """Seconds of a processor that a process has used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def below(pid: int) -> list[int]:
    """The processes that a process started, and those that they did."""
    found: list[int] = []
    with suppress(OSError):  # it may end, or a thread of it may, at any time
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text("ascii").split())
    return [one for child in found for one in (child, *below(child))]
