"""Checks each file against the ontology, the registry and all other files, before anything is accepted.

What needs the accepted view as a whole (cardinalities, kinds after inference) is left to the shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.check.context import Context
from kg.check.nodes import check_nodes
from kg.check.records import check_records
from kg.check.sources import check_sources
from kg.check.terms import check_terms
from kg.check.values import check_values
from kg.errors import DataError
from kg.findings import ERROR, Finding
from kg.index import Index
from kg.read import Document
from kg.vocabulary import Vocabulary

__all__ = ["Finding", "Index", "check", "raise_for_errors"]

CHECKS = (check_terms, check_values, check_nodes, check_sources, check_records)


def check(documents: Iterable[Document], vocabulary: Vocabulary, index: Index) -> list[Finding]:
    """The slips of these files, by file and line.

    :param documents: the files to check
    :param vocabulary: what the ontology allows
    :param index: of all files of the data, these included
    """
    found = {finding for document in documents for finding in _findings(Context(document, vocabulary, index))}
    return sorted(found, key=lambda f: (str(f.path), f.line or 0, f.subject, f.property or "", f.message))


def raise_for_errors(findings: Iterable[Finding]) -> None:
    """Stops at slips.

    :raises DataError: if one of the findings is an error
    """
    errors = [finding for finding in findings if finding.severity == ERROR]
    if errors:
        count = "one slip" if len(errors) == 1 else f"{len(errors)} slips"
        raise DataError(f"the data have {count}; the first is {errors[0]}", errors, hint=errors[0].hint)


def _findings(context: Context) -> Iterator[Finding]:
    for look in CHECKS:
        yield from look(context)
