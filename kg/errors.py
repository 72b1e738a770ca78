"""Every error that a user of the graph can meet.

GraphError                 base: what is wrong, where, and what to do
 ├─ UsageError             the command or address is wrong (exit 2)
 │   ├─ ParameterError     a parameter of a canned query has a value that is not allowed
 │   │   └─ UnknownParameterError  there is no parameter of that name
 │   ├─ UnknownQueryError  there is no canned query of that name
 │   └─ UnknownThingError  there is no such thing in the graph
 ├─ SyntaxDataError        a file cannot be parsed: fix the line
 ├─ DataError              files use terms or values that the ontology does not allow: fix the files
 ├─ DisagreementError      sources disagree: write a ruling
 ├─ InconsistencyError     claims and ontology contradict each other
 ├─ ShapeError             the accepted view breaks a shape
 ├─ QueryError             a SPARQL query is wrong
 ├─ FormatError            an answer holds what the format cannot write: choose another
 └─ SnapshotError          there is no built snapshot, or it cannot be read
"""

from collections.abc import Sequence
from pathlib import Path

from kg.message import Message


class GraphError(Exception):
    """Something a user can fix; never a bug.

    :param message: what is wrong, one sentence
    :param path: the file it is in, if it is in one
    :param line: the line in that file, counted from 1
    :param hint: what to do about it
    :param details: every single error, where there are several
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        details: Sequence[object] = (),
        *,
        path: Path | str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)
        self.path = path
        self.line = line
        self.hint = hint

    @property
    def where(self) -> str:
        """``file:line: `` as far as known, else an empty string."""
        parts = [str(part) for part in (self.path, self.line) if part is not None]
        return ":".join(parts) + ": " if parts else ""

    @property
    def sentence(self) -> str:
        """What is wrong and where; a `Message` if another language can say it."""
        return f"{self.where}{self.message}" if self.where else self.message

    def __str__(self) -> str:
        return "\n".join([*map(str, self.details), f"{self.where}{self.message}"])


class UsageError(GraphError):
    """The command line or the address asks for something that does not exist."""

    exit_code = 2


class ParameterError(UsageError):
    """A parameter has a value that its type does not allow."""

    def __init__(self, parameter: str, value: str, problem: str, allowed: Sequence[str] = ()) -> None:
        hint = Message("allowed: %(values)s", values=allowed) if allowed else None
        template = (
            Message("parameter %(parameter)s: %(problem)s (given: %(value)s)")
            if value
            else Message("parameter %(parameter)s: %(problem)s")
        )
        given = value if isinstance(value, Message) else repr(value)
        super().__init__(template.given(parameter=repr(parameter), problem=problem, value=given), hint=hint)
        self.parameter = parameter
        self.value = value
        self.problem = problem
        self.allowed = tuple(allowed)


class UnknownParameterError(ParameterError):
    """There is no parameter of that name."""

    def __init__(self, parameter: str, allowed: Sequence[str]) -> None:
        super().__init__(parameter, "", Message("no such parameter"), allowed)


class UnknownQueryError(UsageError):
    """No canned query has this name."""


class UnknownThingError(UsageError):
    """Nothing in the graph has this name."""


class SyntaxDataError(GraphError):
    """A file is not valid Turtle, TriG or SPARQL."""


class DataError(GraphError):
    """Files use terms or values that the ontology does not allow; ``details`` are the findings."""


class DisagreementError(GraphError):
    """Sources disagree and no ruling says which of them the graph follows; ``details`` are the disagreements."""


class InconsistencyError(GraphError):
    """The accepted claims contradict the ontology (a disjointness, a broken restriction)."""


class ShapeError(GraphError):
    """The accepted view breaks at least one shape; ``details`` are the results of the validation report."""


class QueryError(GraphError):
    """A SPARQL query cannot be parsed or run.

    :param column: the column in the line, counted from 1
    """

    def __init__(
        self, message: str, *, line: int | None = None, column: int | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, line=line, hint=hint)
        self.column = column

    @property
    def where(self) -> str:
        """``line L, column C: `` as far as known."""
        if self.line is None:
            return ""
        return f"line {self.line}, column {self.column}: " if self.column else f"line {self.line}: "

    @property
    def sentence(self) -> str:
        """What is wrong and where."""
        if self.line is None:
            return self.message
        template = (
            Message("line %(line)s, column %(column)s: %(message)s")
            if self.column
            else Message("line %(line)s: %(message)s")
        )
        return template.given(line=str(self.line), column=str(self.column), message=self.message)


class FormatError(GraphError):
    """An answer holds what its format cannot write.

    :param offered: the media types that can
    """

    def __init__(self, message: str, offered: Sequence[str]) -> None:
        super().__init__(message, hint=Message("choose one of: %(formats)s", formats=offered))
        self.offered = tuple(offered)


class SnapshotError(GraphError):
    """There is no snapshot to read, or it is damaged."""
