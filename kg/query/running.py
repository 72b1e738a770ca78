"""A query run on a store, with errors by line and column."""

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.errors import QueryError
from kg.namespaces import PREFIXES
from kg.query.diagnosis import diagnose
from kg.terms import GRAPH


def run(store: Store, text: str, base: str | None = None) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Run a query with the accepted view as default graph.

    :param base: the IRI that relative IRIs are resolved against
    :raises QueryError: with line and column, if it cannot be parsed or run
    """
    try:
        return store.query(text, base_iri=base, prefixes=PREFIXES, default_graph=GRAPH.accepted)
    except SyntaxError as error:
        raise diagnose(text, str(error.msg), base=base) from error
    except (ValueError, RuntimeError) as error:
        raise QueryError(str(error)) from error
