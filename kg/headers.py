"""The ``#+`` YAML header of a query or rule file, in the convention of grlc: the file runs as it stands."""

from pathlib import Path
from typing import Any

from kg.errors import SyntaxDataError


def read_header(text: str, path: Path) -> dict[str, Any]:
    """The header of a file; empty if it has none.

    :raises SyntaxDataError: if it is not valid YAML; names file and line
    """
    import yaml  # only who reads such files needs it

    block = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        header = yaml.load(block, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise SyntaxDataError("the #+ header is not valid YAML", path=path, line=line) from error
    return header if isinstance(header, dict) else {}
