"""Reads text files as UTF-8; one that is not is told by file and line."""

from pathlib import Path

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
