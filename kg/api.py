"""The graph from Python: ask a question, see who says so and why it follows, work on in pandas.

    >>> import kg
    >>> graph = kg.open_graph()
    >>> laws = graph.ask("instruments", country="kz", kind="Law")
    >>> laws[0]["instrumentLabel"], laws[0]["statusLabel"]
    ('Law on Thinking Machines', 'in force')
    >>> laws.to_pandas()["since"].dt.year.tolist()
    [2026]

The answers here are those of the invented states that the tests have. ``kg.open_graph`` opens what ``kg build`` has
built. The parameters of a question are those of ``kg queries SLUG``.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, overload

from pyoxigraph import Literal, QueryBoolean, QuerySolutions, Store

from kg.errors import UsageError
from kg.evidence import Claim, dependent_nodes, evidence
from kg.graph import label
from kg.lookup import find_statement, find_thing
from kg.query import CannedQuery, bind, choices_from, get_query, load_queries, run
from kg.results import Table, plain
from kg.settings import Settings
from kg.store import open_snapshot
from kg.terms import XSD

if TYPE_CHECKING:
    import pandas

    from kg.explain import Proof

__all__ = ["Answer", "Graph", "open_graph"]

Value = str | int | float | bool | None
"""A value of a row: numbers and truth values as such, dates and IRIs as text, nothing as ``None``."""


@dataclass(frozen=True)
class Answer(Sequence[Mapping[str, Value]]):
    """The rows of an answer, each a mapping from column to value.

    >>> answer = graph.ask("sources")
    >>> len(answer), answer[0]["sourceLabel"]
    (6, 'Northland and its machines')

    :param table: the same as RDF terms
    """

    table: Table

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return self.table.variables

    @cached_property
    def _rows(self) -> tuple[dict[str, Value], ...]:
        return tuple({name: plain(term) for name, term in row.items()} for row in self.table)

    def __len__(self) -> int:
        return len(self.table.rows)

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        return iter(self._rows)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Value]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Mapping[str, Value]]: ...
    def __getitem__(self, index: int | slice) -> Mapping[str, Value] | Sequence[Mapping[str, Value]]:
        return self._rows[index]

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a data frame; a column of whole days becomes one of datetimes.

        :raises UsageError: if pandas is not installed
        """
        try:
            import pandas
        except ImportError as error:
            raise UsageError("pandas is not installed", hint="pip install pandas") from error
        frame = pandas.DataFrame.from_records(list(self._rows), columns=list(self.columns))
        for place, name in enumerate(self.columns):
            terms = [row[place] for row in self.table.rows if row[place] is not None]
            if terms and all(isinstance(term, Literal) and term.datatype == XSD.date for term in terms):
                frame[name] = pandas.to_datetime(frame[name])
        return frame


@dataclass(frozen=True)
class Graph:
    """An open graph.

    :param store: its quads; the named graphs are those of ``data/README.md``
    :param queries: the questions it answers, by name
    """

    store: Store
    queries: Mapping[str, CannedQuery]

    def ask(self, question: str, **parameters: str | int | datetime.date | None) -> Answer:
        """The answer to one of the questions.

        >>> graph.ask("instruments", country="kz", kind="Law", asOf="2025-12-01")[0]["statusLabel"]
        'signed'
        >>> graph.ask("instruments", country="fr")
        Traceback (most recent call last):
            ...
        kg.errors.ParameterError: parameter 'country': not one of the allowed values (given: 'fr')

        :param question: its name: ``kg queries`` lists them
        :param parameters: a value each, as on the command line; ``None`` counts as not given
        :raises UsageError: if there is no such question, parameter or value, or the answer is a graph
        """
        query = get_query(self.queries, question)
        given = {name: str(value) for name, value in parameters.items() if value is not None}
        return self.query(bind(query, given, choices_from(self.store)))

    def query(self, sparql: str) -> Answer:
        """The answer to a SPARQL query over the accepted view and all named graphs; our prefixes need no declaration.

        >>> graph.query("SELECT (COUNT(*) AS ?n) { ?law a aip:Law }")[0]["n"]
        2

        :raises QueryError: with line and column, if it cannot be parsed or run
        :raises UsageError: if the answer is no table: use ``graph.store`` then
        """
        results = run(self.store, sparql)
        if isinstance(results, QuerySolutions):
            return Answer(Table.read(results))
        if isinstance(results, QueryBoolean):
            truth = Literal(str(bool(results)).lower(), datatype=XSD.boolean)
            return Answer(Table(("answer",), ((truth,),)))
        raise UsageError("the answer is a graph, not a table", hint="run it with graph.store.query")

    def evidence(self, thing: str, *, own: bool = False) -> list[Claim]:
        """Who says so: every claim about a thing with source, locator and paraphrase, accepted or not.

        >>> claim = graph.evidence("kz-law-on-ai")[0]
        >>> claim.citations[0].publisher
        'https://w3id.org/ca-ai-policy/id/int-publisher-gazette'

        :param thing: a name (``kz-law-on-ai``), a prefixed name, an IRI or the address of a page
        :param own: only claims about the thing itself, not about its events, wordings, posts
        :raises UnknownThingError: with the nearest names
        """
        node = find_thing(self.store, thing)
        nodes = [node] if own else [node, *dependent_nodes(self.store, node)]
        return [claim for subject in nodes for claim in evidence(self.store, subject)]

    def explain(self, subject: str, predicate: str, value: str) -> Proof:
        """Why a statement holds: the proof down to claims, the registry or an axiom.

        >>> proof = graph.explain("kz-law-on-ai", "signedOn", "2025-11-17")
        >>> proof.rule, [leaf.rule for leaf in proof.leaves()]
        ('signed-on', ['claim', 'claim', 'claim', 'claim'])

        :param value: as in ``kg explain``: a name, the text of a value, or a literal in Turtle
        :raises UnknownThingError: if the graph does not say so
        """
        from kg.explain import explain

        return explain(self.store, find_statement(self.store, subject, predicate, value))

    def label(self, thing: str, language: str = "en") -> str:
        """What a thing is called.

        >>> graph.label("kz"), graph.label("kz", "ru")
        ('Northland', 'Северия')
        """
        return label(self.store, find_thing(self.store, thing), language)


def open_graph(snapshot: str | os.PathLike[str] | None = None) -> Graph:
    """The graph as it was built last, read-only; any number of processes may have it open.

    :param snapshot: the folder of a snapshot; the current one if not given (`kg.settings` says where that is)
    :raises SnapshotError: if nothing was built there yet
    """
    settings = Settings.from_environment(os.environ)
    store = open_snapshot(Path(snapshot) if snapshot is not None else settings.current)
    return Graph(store, load_queries(settings.queries))
