"""Something computed in a forked process: its result, its errors, and the end of its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.beside import Beside


def test_the_result_comes_from_another_process() -> None:
    computed = Beside(lambda: (os.getpid(), "done"))
    pid, word = computed.result()
    assert word == "done"
    assert pid != os.getpid()


def test_an_error_is_raised_where_the_result_is_wanted() -> None:
    computed: Beside[float] = Beside(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        computed.result()


def test_a_process_that_is_killed_is_made_up_for_here() -> None:
    here = os.getpid()

    def function() -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    assert Beside(function).result() == here


def test_without_fork_it_is_computed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    assert Beside(os.getpid).result() == os.getpid()


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = f"""
import os, pathlib, time
from kg.beside import Beside
def function():
    pathlib.Path({str(note)!r}).write_text(str(os.getpid()))
    time.sleep(600)
Beside(function).result()
"""
    parent = subprocess.Popen([sys.executable, "-c", script])
    while not note.exists() or not note.read_text():
        assert parent.poll() is None
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 60
    while _runs(int(note.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    """Whether a process computes; one that has ended and that nobody has asked after does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
