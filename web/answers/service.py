"""Runs queries on the engine; answers that were given before come from the cache."""

from flask import current_app

from web.answers import tables
from web.answers.cache import AnswerCache, CachedAnswer
from web.answers.conditional import entity_tag
from web.answers.formats import Format
from web.engine import Engine
from web.engine.protocol import Request
from web.engine.results import EngineResult, TooManyRowsError
from web.engine.scanner import scan


class AnswerService:
    """Answers to queries, as bytes.

    :param max_rows: how many rows the answer to an ad-hoc query may have
    """

    def __init__(self, engine: Engine, cache: AnswerCache, max_rows: int) -> None:
        self.engine = engine
        self.cache = cache
        self.max_rows = max_rows

    def adhoc(
        self, snapshot: str, query: Request, form: Format, timeout: float | None = None
    ) -> tuple[str, CachedAnswer]:
        """The answer to an ad-hoc query with its entity tag, from the cache or from the engine.

        :param snapshot: the name of the current one
        :raises GraphError: the errors of ``web.engine.results``
        """
        tag = entity_tag(snapshot, query.identity, form.name)
        answer = self.cache.get(tag, snapshot, lambda: self.run(query, timeout), str(timeout))
        if answer.snapshot not in ("", snapshot):
            # A new snapshot has just taken over: the answer is right, but it is not that of this tag.
            tag = entity_tag(answer.snapshot, query.identity, form.name)
        return tag, answer

    def run(self, query: Request, timeout: float | None = None) -> CachedAnswer:
        """The answer to an ad-hoc query from the engine.

        :raises TooManyRowsError: if it has more rows than it may
        """
        result = self.engine.run(query, timeout)
        body = _read(result)
        if result.kind == "solutions" and tables.has_more_rows(body, query.result_format, query.rows):
            raise TooManyRowsError(f"the answer has more than {query.rows:,} rows")
        return CachedAnswer(body, snapshot=result.snapshot)

    def canned(self, snapshot: str, text: str, graph_format: str = "text/turtle") -> bytes:
        """The answer to a bound canned query: solutions as JSON, a graph in the format given.

        :param snapshot: the name of the current one
        """

        def run() -> CachedAnswer:
            alone = scan(text).accepted_only
            request = Request(text, graph_format=graph_format, trusted=True, accepted_only=alone)
            result = self.engine.run(request)
            return CachedAnswer(_read(result), snapshot=result.snapshot)

        return self.cache.get(entity_tag(snapshot, text, "canned", graph_format), snapshot, run).body


def _read(result: EngineResult) -> bytes:
    with result.body:
        return result.body.read()


def answer_service() -> AnswerService:
    """The one of this application."""
    service: AnswerService = current_app.extensions["answers"]
    return service
