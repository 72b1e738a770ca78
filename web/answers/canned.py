"""Canned queries as rows for pages: run where all queries run, read once while the snapshot is current."""

from dataclasses import dataclass
from typing import cast

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from kg.query import bind, get_query
from kg.terms import Term
from web.answers.as_known import KnownView, ask_view
from web.answers.service import answer_service
from web.memo import Kind
from web.snapshot import snapshot


class Row(dict[str, Term]):
    """One solution: terms by variable; what is unbound is not there. ``row.text("x")`` is the text of a term."""

    def text(self, variable: str, default: str = "") -> str:
        """The text of a literal or the IRI of a node."""
        term = self.get(variable)
        return default if term is None else str(getattr(term, "value", term))

    def number(self, variable: str) -> float | None:
        """The number of a literal, if it is one."""
        try:
            return float(self.text(variable))
        except ValueError:
            return None


@dataclass(frozen=True)
class CannedAnswer:
    """Rows of a canned query with the names of its variables.

    :param text: the query as it was run
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    text: str


MAX_CELLS = 150_000
"""Cells of all answers that are kept together: some 100 bytes each."""
ANSWERS: Kind[CannedAnswer] = Kind(
    "answers to canned queries", MAX_CELLS, lambda answer: 1 + len(answer.rows) * len(answer.variables)
)


def ask(slug: str, **values: str | None) -> tuple[Row, ...]:
    """The rows of a canned query; a value of ``None`` counts as not given."""
    return answer(slug, **values).rows


def answer(slug: str, **values: str | None) -> CannedAnswer:
    """The whole answer to a canned query; see `answer_known`."""
    return answer_known(None, slug, **values)


def answer_known(view: KnownView | None, slug: str, **values: str | None) -> CannedAnswer:
    """The whole answer to a canned query.

    :param view: what had been entered by a day; ``None`` for the current snapshot
    :raises ParameterError: if a value is not allowed
    """
    current = snapshot()
    query = get_query(current.queries, slug)
    text = bind(query, {key: value for key, value in values.items() if value}, current.choices)

    def run() -> CannedAnswer:
        return _read(ask_view(view, text) if view else answer_service().canned(current.name, text), text)

    return current.memo.get(ANSWERS, (view and view.day, text), run)


def _read(results: bytes, text: str) -> CannedAnswer:
    solutions = cast(QuerySolutions, parse_query_results(results, format=QueryResultsFormat.JSON))
    names = tuple(variable.value for variable in solutions.variables)
    same: dict[Term, Term] = {}  # rows repeat their terms, and the parser makes each anew
    pairs = (zip(names, solution, strict=True) for solution in solutions)
    rows = (Row((name, same.setdefault(term, term)) for name, term in row if term is not None) for row in pairs)
    return CannedAnswer(names, tuple(rows), text)
