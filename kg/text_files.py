"""Reads text files as UTF-8; one that is not is told by file and line. Writes JSON as all our files have it."""

import json
from pathlib import Path
from typing import Any

from kg.errors import SyntaxDataError, UsageError


def read_text(path: Path, encoding: str = "utf-8") -> str:
    """The text of a file.

    :param encoding: ``utf-8-sig`` also takes a byte order mark
    :raises SyntaxDataError: if it is not UTF-8; names the line
    :raises UsageError: if it cannot be read
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    return decode(content, path, encoding)


def decode(content: bytes, path: Path | str, encoding: str = "utf-8") -> str:
    """Bytes as text.

    :param path: where they come from, for the message
    :raises SyntaxDataError: if they are not UTF-8; names the line
    """
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"the byte 0x{content[error.start]:02X} is not UTF-8"
        raise SyntaxDataError(message, path=path, line=line, hint="save the file as UTF-8") from error


def read_yaml(path: Path) -> Any:
    """What a YAML file of ours holds.

    :raises SyntaxDataError: if it is not UTF-8; names the line
    """
    return parse_yaml(read_text(path))


def parse_yaml(text: str) -> Any:
    """What a text in YAML holds, by the parser in C where it is there: it takes a tenth of the time.

    :raises yaml.YAMLError: if it is not valid
    """
    import yaml  # only who reads such files needs it

    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe


def to_json(document: object) -> str:
    """A document for people and programs: indented, every character as it is."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read_header(text: str, path: Path) -> dict[str, Any]:
    """The header of a file; empty if it has none.

    :raises SyntaxDataError: if it is not valid YAML; names file and line
    """
    import yaml

    block = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        header = parse_yaml(block)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise SyntaxDataError("the #+ header is not valid YAML", path=path, line=line) from error
    return header if isinstance(header, dict) else {}
