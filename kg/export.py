"""Exports: the accepted view as Turtle, N-Triples, RDF/XML; the whole dataset as TriG, N-Quads, JSON-LD.

All are sorted by us, so two exports of one graph are the same bytes on every machine and in every year.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import Quad, Store, Triple

from kg.errors import UsageError
from kg.formats import GRAPH_FORMATS, GraphFormat
from kg.terms import GRAPH
from kg.writers import write


def get_format(name: str) -> GraphFormat:
    """The graph format of that name, extension or media type.

    :raises UsageError: if there is none
    """
    for form in GRAPH_FORMATS.values():
        if name in (form.name, form.extension, form.media_type):
            return form
    raise UsageError(f"there is no graph format {name!r}", hint=f"formats: {', '.join(GRAPH_FORMATS)}")


def published(store: Store, name: str) -> Iterator[Quad]:
    """What a format publishes of a store: the accepted view, or all where it can hold named graphs."""
    graph = None if get_format(name).has_named_graphs else GRAPH.accepted
    return store.quads_for_pattern(None, None, None, graph)


def serialise(quads: Iterable[Quad | Triple], name: str) -> bytes:
    """The sorted quads in a graph format.

    :param name: a name of ``kg.formats.GRAPH_FORMATS``; a format without named graphs leaves graph names out
    :raises UsageError: if there is no such format
    """
    return write(quads, get_format(name))


def export(source: Store | Iterable[Quad | Triple], name: str, out: Path | BinaryIO) -> int:
    """Write a graph to an open binary file, or to a path that holds either the old file or the complete new one.

    :param source: a store, of which a format takes what it can hold, or the very quads
    :returns: the number of bytes
    :raises UsageError: if there is no such format, or the path cannot be written
    """
    content = serialise(published(source, name) if isinstance(source, Store) else source, name)
    try:
        return replace_file(out, content) if isinstance(out, Path) else out.write(content)
    except OSError as error:
        raise UsageError(f"cannot write {out}: {error.strerror}", hint="choose another --out") from error


def replace_file(path: Path, content: bytes) -> int:
    """Write beside the path, then rename: nobody ever reads half a file. A device or pipe is written as it is.

    :returns: the number of bytes
    """
    if path.exists() and not path.is_file():
        return path.write_bytes(content)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            size = file.write(content)
            os.fchmod(file.fileno(), 0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return size


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
