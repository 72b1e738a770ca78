"""The SPARQL 1.1 Protocol for queries (https://www.w3.org/TR/sparql11-protocol/, section 2.1).

There is no update operation: an ``update=`` parameter or an update body is refused with 403.
"""

from dataclasses import dataclass, replace

from flask import Response, current_app, render_template, request
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, Forbidden

from kg.catalogue import ASSERTIONS, DATASET
from kg.export import serialise
from kg.message import Message
from kg.namespaces import PREFIXES
from kg.skolem import skolemise
from kg.terms import GRAPH, VOID
from web.addresses import address_of, site_address
from web.answers import service
from web.answers.conditional import conditional
from web.answers.formats import GRAPHS, HTML, RESULTS, Format, UnsupportedBodyError, choose
from web.engine import query_limits
from web.engine.protocol import Request
from web.engine.scanner import Scan
from web.snapshot import Snapshot, node, snapshot

READ = ("GET", "HEAD")
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
BYTE_ORDER_MARK = "\ufeff"
NO_UPDATE = Message("This endpoint only answers queries; there is no update over HTTP.")


@dataclass(frozen=True)
class Operation:
    """A query operation as the protocol describes it.

    :param scan: what the check of the query against the limits has read of it
    """

    query: str
    scan: Scan
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    timeout: float | None


def negotiate() -> tuple[Operation | None, Format]:
    """The operation, ``None`` if there is no query, and the format to answer in: HTML means the editor.

    :raises HTTPException: as `read_operation`
    """
    if request.method in READ and "query" not in request.args and "update" not in request.args:
        return None, choose((*GRAPHS, HTML), request.accept_mimetypes, request.args)
    if _is_followed_link():
        return None, HTML
    operation = read_operation()
    offered = GRAPHS if operation.scan.form in ("CONSTRUCT", "DESCRIBE") else RESULTS
    return operation, choose(offered, request.accept_mimetypes, request.values)


def _is_followed_link() -> bool:
    """Whether a person opens the address of a query in a browser, who would be handed a file; the editor runs it.

    Accept does not tell: some libraries put HTML first without wanting it.
    """
    has_query_only = list(request.args) == ["query"] and len(request.args.getlist("query")) == 1
    is_navigation = request.method in READ and request.headers.get("Sec-Fetch-Dest") == "document"
    return has_query_only and is_navigation


def answer(operation: Operation | None, form: Format) -> Response:
    """The answer to the query of an operation; without one, the description of the service."""
    if operation is None:
        return service_description(form)
    return service.respond(_request(operation, form), form, operation.scan.volatile, operation.timeout)


def _request(operation: Operation, form: Format) -> Request:
    text = operation.query
    base = address_of("sparql.sparql") if query_limits.may_be_relative(text) else None
    plain = service.query_request(text, operation.scan, form, current_app.config["WEB"].rows, base)
    if not operation.default_graphs and not operation.named_graphs:
        return plain
    # A dataset in the request overrides that of the query (section 2.1.4).
    return replace(
        plain, default_graphs=operation.default_graphs, named_graphs=operation.named_graphs, own_dataset=False
    )


def read_operation() -> Operation:
    """The operation of this request.

    :raises BadRequest: if there is not exactly one query, or a parameter is wrong
    :raises RefusedError: if the query is beyond the limits
    :raises Forbidden: if it is an update
    :raises UnsupportedMediaType: if the body is neither a form nor a query
    """
    parameters = _parameters()
    if "update" in parameters:
        raise Forbidden(NO_UPDATE)
    queries = parameters.getlist("query")
    if len(queries) != 1:
        raise BadRequest(
            Message("Send exactly one query.")
            if queries
            else Message("There is no query: send query=… or a query as the body.")
        )
    query = queries[0].removeprefix(BYTE_ORDER_MARK)
    if not query.strip():
        raise BadRequest(Message("The query is empty."))
    for name in ("timeout", "format"):
        if len(set(parameters.getlist(name))) > 1:
            raise BadRequest(Message("%(parameter)s is given more than once.", parameter=name))
    return Operation(
        default_graphs=_iris(parameters, "default-graph-uri"),
        named_graphs=_iris(parameters, "named-graph-uri"),
        timeout=_timeout(parameters),
        query=query,
        scan=query_limits.check(query),
    )


def _parameters() -> MultiDict[str, str]:
    """The parameters of the request; the body of a direct POST is one more query."""
    if request.method in READ:
        return request.args
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnsupportedBodyError((FORM, DIRECT), Message("Send the body as it is, not compressed."))
    if request.mimetype == "application/sparql-update":
        raise Forbidden(NO_UPDATE)
    parameters = MultiDict(request.args)
    if request.mimetype == FORM:
        parameters.update(request.form)
    elif request.mimetype == DIRECT:
        parameters.add("query", _body())
    else:
        raise UnsupportedBodyError((FORM, DIRECT))
    return parameters


def _body() -> str:
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise BadRequest(Message("A query is sent in UTF-8, not in %(charset)s.", charset=repr(charset[:40])))
    try:
        return request.get_data(cache=False).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(Message("The query is not valid UTF-8 (byte %(byte)s).", byte=str(error.start))) from error


def _iris(parameters: MultiDict[str, str], name: str) -> tuple[str, ...]:
    iris = tuple(parameters.getlist(name))
    for iri in iris:
        if node(iri) is None:
            raise BadRequest(Message("%(parameter)s is no IRI: %(value)s", parameter=name, value=repr(iri[:100])))
    return iris


def _timeout(parameters: MultiDict[str, str]) -> float | None:
    text = parameters.get("timeout")
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise BadRequest(Message("timeout=%(value)s is no number of seconds above 0.", value=repr(text[:40])))
    return seconds


def service_description(form: Format) -> Response:
    """The description of the SPARQL service in a graph format."""
    return conditional(("service", site_address(), form.name), form.content_type, lambda: _described(form))


def _described(form: Format) -> bytes:
    settings, sizes = current_app.config["WEB"], _sizes(snapshot())
    text = render_template(
        "rdf/service.ttl",
        endpoint=NamedNode(address_of("sparql.sparql")),
        void=NamedNode(address_of("discovery.void")),
        dataset=NamedNode(DATASET),
        view=GRAPH.accepted,
        assertions=NamedNode(ASSERTIONS),
        assertion_space=PREFIXES["assertion"],
        sizes=sizes,
        graphs=sorted({GRAPH.catalogue, *(graph for graph in sizes if graph in GRAPH)}, key=str),
        timeout=f"{settings.timeout:g}",
        rows=settings.rows,
    )
    return serialise(skolemise(parse(text.encode(), format=RdfFormat.TURTLE)), form.name)


def _sizes(current: Snapshot) -> dict[NamedNode, str]:
    """How many triples each part of the dataset has, as the catalogue counts them."""
    quads = current.store.quads_for_pattern(None, VOID.triples, None, GRAPH.catalogue)
    return {
        quad.subject: quad.object.value
        for quad in quads
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }
