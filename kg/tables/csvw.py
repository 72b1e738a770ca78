"""A CSV file with its CSVW metadata (https://www.w3.org/TR/tabular-metadata/), read row by row."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import SyntaxDataError
from kg.text_files import read_text

METADATA_SUFFIX = "-metadata.json"


@dataclass(frozen=True)
class Table:
    """A CSV file with its metadata.

    :param columns: the description of each column by its heading
    """

    path: Path
    metadata: Mapping[str, Any]
    columns: Mapping[str, Mapping[str, Any]]

    @property
    def slug(self) -> str:
        """The local name of the source: the name of the file."""
        return self.path.stem

    def error(self, message: str, line: int, hint: str) -> SyntaxDataError:
        """An error of the CSV file."""
        return SyntaxDataError(message, path=self.path, line=line, hint=hint)

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows, each with its line.

        :raises SyntaxDataError: if the file is no UTF-8, a heading is not described or a row has another length
        """
        try:
            reader = csv.reader(io.StringIO(read_text(self.path, "utf-8-sig"), newline=""), strict=True)
            head = next(reader, [])
            if not head:
                raise self.error(
                    "the table is empty", 1, "write the headings and rows as published, or delete the file"
                )
            self._check_head(head)
            for cells in reader:
                if len(cells) != len(head):
                    problem = f"{len(cells)} cells under {len(head)} headings"
                    raise self.error(problem, reader.line_num, "quote a cell that holds a comma")
                yield reader.line_num, dict(zip(head, cells, strict=True))
        except csv.Error as error:
            raise self.error(f"not a CSV file: {error}", reader.line_num, "save the table as CSV in UTF-8") from error

    def _check_head(self, head: list[str]) -> None:
        unknown = [title for title in head if title not in self.columns]
        missing = [title for title in self.columns if title not in head]
        if unknown or missing or len(set(head)) < len(head):
            names = ", ".join(unknown or missing or head)
            hint = f"describe each heading once in {self.path.name}{METADATA_SUFFIX} (suppressOutput for those unused)"
            raise self.error(f"headings and metadata differ: {names}", 1, hint)


def open_table(path: Path) -> Table:
    """A table whose metadata are read.

    :raises SyntaxDataError: if there are none, or they are no CSVW
    """
    file = path.with_name(path.name + METADATA_SUFFIX)  # CSVW, section 5.2
    if not file.exists():
        hint = f"describe the table in {file.name}; see data/README.md"
        raise SyntaxDataError("a table without metadata", path=path, line=1, hint=hint)
    try:
        metadata = json.loads(read_text(file))
        columns = {column["titles"]: column for column in metadata["tableSchema"]["columns"]}
    except json.JSONDecodeError as error:
        raise SyntaxDataError(f"not JSON: {error}", path=file, line=error.lineno, hint="see data/README.md") from error
    except (KeyError, TypeError) as error:
        hint = "it needs tableSchema.columns, each with titles"
        raise SyntaxDataError(f"no CSVW metadata: {error} is missing", path=file, line=1, hint=hint) from error
    return Table(path, metadata, columns)
