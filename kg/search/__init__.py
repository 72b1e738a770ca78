"""The search index: everything that can be found, in one SQLite file (FTS5) of the snapshot.

It is written by the build and only read afterwards. Words are normalised by us (``kg.search.folding``), so the index
and a search agree on them whatever the version of SQLite.
"""

import json
import sqlite3
from pathlib import Path

from pyoxigraph import Store

from kg.search.folding import fold, spellings
from kg.search.stems import with_stems
from kg.search.things import Thing, read_things

INDEX = "search.sqlite"
"""The file inside a snapshot."""
FORMAT = 2
"""Raised with every change of what the index holds: an index of another format is not read but made again."""
_SCHEMA = Path(__file__).with_name("schema.sql")


def write_index(path: Path, store: Store) -> None:
    """Write the index of a graph to a file that is not there yet."""
    connection = index_in_memory(store)
    connection.execute("VACUUM INTO ?", (str(path),))
    connection.close()


def index_in_memory(store: Store) -> sqlite3.Connection:
    """The index of a graph, in memory; threads may share the connection if they take turns."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.executescript(_SCHEMA.read_text("utf-8"))
    words: set[str] = set()
    with connection:
        for number, thing in enumerate(read_things(store), 1):
            words |= _add(connection, number, thing)
        spelt = ((word,) for word in sorted(words) if len(word) > 3 and not word.isdigit())
        connection.executemany("INSERT INTO spelling (word) VALUES (?)", spelt)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    for table in ("words", "spelling"):
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - two names of ours
    connection.commit()
    return connection


def open_index(path: Path) -> sqlite3.Connection | None:
    """The index in a file, read-only; ``None`` where there is none of this format."""
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error:
        return None
    if version == FORMAT:
        return connection
    connection.close()
    return None


def _add(connection: sqlite3.Connection, number: int, thing: Thing) -> set[str]:
    """Add a thing; returns its words."""
    named = [text for text, _ in thing.names] + thing.identifiers
    folded = [" ".join(fold(text)) for text in named]
    # The title of a source finds the source, not each of its passages.
    names = [] if thing.kind == "passage" else [word for text in named for word in spellings(text)]
    body = [word for text, _ in thing.bodies for word in with_stems(text)]
    columns = (sorted(thing.countries), sorted(thing.years), thing.names, folded, thing.bodies)
    written = (json.dumps(column, ensure_ascii=False) for column in columns)
    row = (number, thing.iri, thing.kind, *written, " ".join(body))
    connection.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    found_by = (number, " ".join(names), " ".join(body))
    connection.execute("INSERT INTO words (rowid, names, body) VALUES (?, ?, ?)", found_by)
    keys = {thing.iri, *(folded if names else ())} - {""}
    connection.executemany("INSERT INTO exact VALUES (?, ?)", ((key, number) for key in keys))
    return {*names, *body}
