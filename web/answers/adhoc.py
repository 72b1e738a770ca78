"""Ad-hoc queries: what the engine is asked for, and the answer over HTTP."""

from flask import Response

from web.answers.cache import CachedAnswer
from web.answers.conditional import entity_tag, is_current, not_modified, with_cache_headers
from web.answers.formats import RESULTS, Format
from web.answers.service import answer_service
from web.engine import query_limits
from web.engine.protocol import Request
from web.engine.scanner import Scan
from web.snapshot import snapshot

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
