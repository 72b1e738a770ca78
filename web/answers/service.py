"""Runs queries on the engine; answers that were given before come from the cache."""

from dataclasses import dataclass

from flask import Response, current_app

from kg.message import Message
from web.answers import tables
from web.answers.cache import AnswerCache, CachedAnswer
from web.answers.conditional import entity_tag, is_current, not_modified, with_cache_headers
from web.answers.formats import RESULTS, Format
from web.engine import Engine, query_limits
from web.engine.protocol import Request
from web.engine.results import EngineResult, TooManyRowsError
from web.engine.scanner import Scan, scan
from web.snapshot import snapshot


@dataclass
class AnswerService:
    """Answers to queries, as bytes."""

    engine: Engine
    cache: AnswerCache

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
            raise TooManyRowsError(Message("the answer has more than %(count)s rows", count=query.rows))
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


MAX_LOOKUP_LENGTH = 2000
"""Characters of a query that may take an express slot."""


def query_request(text: str, scan: Scan, form: Format, rows: int, base: str | None = None) -> Request:
    """The request to the engine for a query over the accepted view and all named graphs.

    :param rows: how many rows the answer may have
    :param base: what relative IRIs are resolved against
    """
    return Request(
        query_limits.cap_rows(text, scan, rows + 1),  # one more tells an answer that is too long
        form.name if form in RESULTS else "json",
        form.media_type,
        own_dataset=scan.own_dataset,
        is_lookup=scan.is_lookup and len(text) <= MAX_LOOKUP_LENGTH,
        accepted_only=scan.accepted_only,
        rows=rows,
        uncapped=text,
        base=base,
    )


def respond(query: Request, form: Format, volatile: bool, timeout: float | None = None) -> Response:
    """The answer to a query in a format.

    :param volatile: whether the next answer may differ, so that nobody may keep this one
    :raises GraphError: the errors of ``web.engine.results``
    """
    service, name = answer_service(), snapshot().name
    if volatile:
        return _response(service.run(query, timeout), form, None)
    tag = entity_tag(name, query.identity, form.name)
    if is_current(tag):
        return not_modified(tag)
    tag, answer = service.adhoc(name, query, form, timeout)
    return _response(answer, form, tag)


def _response(answer: CachedAnswer, form: Format, tag: str | None) -> Response:
    headers = {"Content-Disposition": form.disposition("results")}
    return with_cache_headers(Response(answer.body, headers=headers, content_type=form.content_type), tag)
