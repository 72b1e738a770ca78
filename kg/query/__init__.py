"""Canned queries: one ``.rq`` file each, with a ``#+`` YAML header (the convention of grlc).

Only the one ``VALUES (…) { (…) }`` line of a file is ever rewritten, and a line ``#? name: …`` read or not.
"""

from kg.query.binding import Choices, bind, resolve, run
from kg.query.canned import COVERED_COUNTRIES, CannedQuery, Parameter, get_query, load_queries, load_query, parse_query
from kg.query.choices import choices_from
from kg.query.diagnosis import diagnose, engine_says

__all__ = [
    "COVERED_COUNTRIES",
    "CannedQuery",
    "Choices",
    "Parameter",
    "bind",
    "choices_from",
    "diagnose",
    "engine_says",
    "get_query",
    "load_queries",
    "load_query",
    "parse_query",
    "resolve",
    "run",
]
