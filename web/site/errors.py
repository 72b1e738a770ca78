"""All errors are reported here: problem+json (RFC 9457) for programs, a page for people, never a stack trace."""

import json
import logging
from dataclasses import dataclass, field
from urllib.parse import quote

from flask import Flask, Response, current_app, render_template, request, url_for
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from kg import errors as kg
from kg.message import Message
from web.addresses import site_address
from web.answers.as_known import ViewBeingMadeError
from web.engine import results
from web.engine.limits import RefusedError
from web.problems import PROBLEM_KINDS, ProblemKind

log = logging.getLogger("web")
_BY_ERROR: tuple[tuple[type[Exception], str], ...] = (
    (RefusedError, "refused-query"),
    (kg.QueryError, "bad-query"),
    (kg.FormatError, "not-acceptable"),
    (kg.ParameterError, "bad-parameter"),
    (kg.UnknownQueryError, "not-found"),
    (kg.UnknownThingError, "not-found"),
    (kg.UsageError, "bad-request"),
    (ViewBeingMadeError, "view-being-made"),
    (results.BusyError, "busy"),
    (results.DeadlineError, "deadline"),
    (results.MemoryLimitError, "memory-limit"),
    (results.WorkerDiedError, "worker-died"),
    (results.TooManyRowsError, "row-limit"),
    (results.TooLargeError, "too-large"),
    (results.EngineDownError, "no-snapshot"),
    (kg.SnapshotError, "no-snapshot"),
)
_BY_STATUS = {
    404: "not-found",
    403: "forbidden",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
}


@dataclass
class Problem:
    """One error as it is reported to the client.

    :param detail: what is wrong; a `Message` if the page can say it in the reader's language
    """

    kind: ProblemKind
    detail: str
    status: int
    extra: dict[str, object] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_told(self) -> bool:
        """Whether the detail can be said in every language; else the explanation of the kind stands on the page."""
        return isinstance(self.detail, Message)

    def document(self) -> dict[str, object]:
        """The members of the problem document."""
        return {
            # Without a valid host there is no absolute address.
            "type": url_for("help.problem", name=self.kind.name, _external=bool(request.host)),
            "title": self.kind.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }


def problem_of(error: Exception) -> Problem:
    """How an error is reported."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    for cls, name in _BY_ERROR:
        if isinstance(error, cls) and isinstance(error, kg.GraphError):
            return _of_graph(error, PROBLEM_KINDS[name])
    log.error("unexpected error", exc_info=error)
    return Problem(PROBLEM_KINDS["internal"], PROBLEM_KINDS["internal"].explanation, 500)


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    kind = PROBLEM_KINDS[_BY_STATUS.get(status, "bad-request" if status < 500 else "internal")]
    headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After", "Location", "Content-Range")}
    extra: dict[str, object] = {"offered": list(error.offered)} if hasattr(error, "offered") else {}
    return Problem(kind, error.description or kind.title, status, extra, headers)


def _of_graph(error: kg.GraphError, kind: ProblemKind) -> Problem:
    extra: dict[str, object] = {"hint": error.hint} if error.hint else {}
    if isinstance(error, kg.QueryError) and error.line is not None:
        extra |= {"line": error.line, "column": error.column}
    if isinstance(error, results.TooLargeError):
        extra["downloads"] = url_for("downloads.listing", _external=True)
    if isinstance(error, kg.FormatError):
        extra["offered"] = list(error.offered)
    if isinstance(error, kg.ParameterError):
        extra |= {"parameter": error.parameter, "allowed": list(error.allowed)}
    headers = {"Retry-After": str(getattr(error, "retry_after", 5))} if kind.status == 503 else {}
    return Problem(kind, error.sentence, kind.status, extra, headers)


def respond(error: Exception) -> Response:
    """The response to a request that failed, in the form the client prefers."""
    problem = problem_of(error)
    if problem.status == 404 and _has_extra_slash():
        return _without_slash()
    if _prefers_html(request.accept_mimetypes):
        body, content_type = _page(problem), "text/html; charset=utf-8"
    else:
        body, content_type = json.dumps(problem.document(), ensure_ascii=False) + "\n", "application/problem+json"
    response = Response(body, problem.status, {**problem.headers, "Cache-Control": "no-store"}, None, content_type)
    response.vary.add("Accept")
    return response


def _has_extra_slash() -> bool:
    """Whether the address without the slash at its end is one of the route table, and it is not with it."""
    adapter, rule = current_app.create_url_adapter(request), request.url_rule
    if rule is not None and rule.rule.endswith("/"):
        return False
    return request.path.endswith("/") and adapter is not None and adapter.test(request.path.rstrip("/") or None, "GET")


def _without_slash() -> Response:
    """Where an address with a slash too many at its end belongs."""
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    target = site_address() + quote(request.path.strip("/"), safe="/-._~") + query
    return Response(status=308, headers={"Location": target, "Cache-Control": "no-store"})


def _prefers_html(accept: MIMEAccept) -> bool:
    """Whether a client names HTML, and likes nothing that programs read better."""
    best = accept.best_match(["application/problem+json", "application/json", "text/html"])
    return best == "text/html" and "text/html" in str(accept) and accept[best] >= accept["application/json"]


def _page(problem: Problem) -> str:
    """The page of a problem; a bare one where not even the layout of all pages can be rendered (without a snapshot)."""
    try:
        return render_template("error.html", problem=problem)
    except Exception:
        log.exception("cannot render the page of an error")
        return render_template("bare.html", problem=problem)


def problem(name: str) -> str:
    """The page of a kind of problem: what it means and what to do."""
    if name not in PROBLEM_KINDS:
        raise NotFound(Message("There is no such kind of problem."))
    return render_template("help/problem.html", kind=PROBLEM_KINDS[name])


def problems() -> str:
    """All kinds of problems."""
    return render_template("help/problems.html", kinds=PROBLEM_KINDS.values())


def check_host() -> None:
    """Refuse a request to no host."""
    if not request.host:
        raise BadRequest(Message("The Host header is no name of a host."))


def register(app: Flask) -> None:
    """Report every error of the application."""
    app.before_request(check_host)
    app.register_error_handler(Exception, respond)
