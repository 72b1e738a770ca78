"""Answers as they would have been on an earlier day: ``?asKnown=`` asks a view of what had been entered by then.

There is one view for each day on which something was entered, so no address can ask for more of them than there are
such days. A view is made when it is first asked for, by a process of its own with the lowest priority, one at a time;
a client is told to come back. A few stay on disk.
"""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import current_app
from pyoxigraph import Store

from kg.dates import parse_day
from kg.entered import entry_days, last_entry
from kg.errors import ParameterError
from kg.message import Message
from kg.store import STORE, open_snapshot
from web.answers.arguments import single
from web.answers.files import VIEWS, FileFolder
from web.engine.local import LocalEngine
from web.engine.protocol import Request
from web.engine.results import BusyError
from web.memo import Kind
from web.snapshot import Snapshot, snapshot

PARAMETER = "asKnown"
RETRY_AFTER, START_INTERVAL = 15, 5.0
"""Seconds after which to ask again for a view that is being made; seconds between two tries to make one."""
MAX_RUNNING = 2
"""Questions to views that run at once in a web process."""
_DAYS: Kind[list[date]] = Kind("days of entry")
_STORES: Kind[Store] = Kind("views of earlier days", max_size=4)


class ViewBeingMadeError(BusyError):
    """The view is being made; come back in ``retry_after`` seconds."""

    retry_after = RETRY_AFTER


@dataclass(frozen=True)
class KnownView:
    """What had been entered by a day.

    :param day: the last day of entry up to the day that was asked for
    """

    day: date
    store: Store


class ViewMaker(FileFolder):
    """Has views made in processes of their own."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__(folder, VIEWS)
        self.running = threading.BoundedSemaphore(MAX_RUNNING)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = -START_INTERVAL
        self._lock = threading.Lock()

    def path(self, current: Snapshot, day: date) -> Path:
        """The folder of a view that is there.

        :raises BusyError: if it is being made
        """
        views = self.root / current.name
        view = views / day.isoformat()
        if not (view / STORE).exists():
            self._start(current, day, views)
            message = Message("the view of %(day)s is being made", day=day.isoformat())
            raise ViewBeingMadeError(message, hint=Message("try again in a few seconds"))
        os.utime(view)
        return view

    def _start(self, current: Snapshot, day: date, views: Path) -> None:
        """Have a view made, if this process is not waiting for one; other processes see to it by a lock."""
        with self._lock:
            is_running = self._process is not None and self._process.poll() is None
            if is_running or time.monotonic() - self._started < START_INTERVAL:
                return
            self._started = time.monotonic()
            command = [sys.executable, "-m", "kg", "as-known", day.isoformat()]
            command += ["--of", str(current.path.resolve()), "--into", str(views), "--background"]
            self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)


def asked_view() -> KnownView | None:
    """The view that ``?asKnown=`` asks for; ``None`` where the current snapshot answers.

    :raises ParameterError: if it is no day, or nothing had been entered by then
    :raises BusyError: if the view is being made
    """
    text = single(PARAMETER)
    if not text:
        return None
    current = snapshot()
    if current_app.config["WEB"].remote:
        raise ParameterError(PARAMETER, text[:40], Message("not offered over another SPARQL endpoint"))
    days = current.memo.get(_DAYS, None, lambda: entry_days(current.store))
    day = _entry_day(text, days)
    if day == days[-1]:
        return None
    path = view_maker().path(current, day)
    return KnownView(day, current.memo.get(_STORES, day, lambda: open_snapshot(path)))


def _entry_day(text: str, days: list[date]) -> date:
    """The last day of entry up to the day that was asked for."""
    try:
        wanted = parse_day(text)
    except ValueError:
        raise ParameterError(PARAMETER, text[:40], Message("not a date"), ["YYYY-MM-DD"]) from None
    last = last_entry(days, wanted)
    if last is None:
        allowed = [Message("%(day)s or later", day=days[0].isoformat())] if days else []
        raise ParameterError(PARAMETER, text, Message("before anything was entered"), allowed)
    return last


def ask_view(view: KnownView, text: str, graph_format: str = "text/turtle") -> bytes:
    """The answer of a view to a bound canned query: solutions as JSON, a graph in the format given.

    :raises BusyError: if too many are asked at once
    """
    running = view_maker().running
    if not running.acquire(timeout=RETRY_AFTER):
        raise BusyError(Message("too many questions about earlier days"), hint=Message("try again in a few seconds"))
    try:
        with LocalEngine(lambda: view.store).run(Request(text, graph_format=graph_format, trusted=True)).body as body:
            return bytes(body.read())
    finally:
        running.release()


def view_maker() -> ViewMaker:
    """That of this application."""
    maker: ViewMaker = current_app.extensions["as_known"]
    return maker
