"""Checks each file against the ontology, the registry and all other files, before anything is accepted.

What needs all of the accepted view (cardinalities, types after inference) is left to the shapes.
"""

from collections.abc import Iterable

from kg.check.context import Context
from kg.check.nodes import check_forecasts, check_nodes
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

CHECKS = (check_terms, check_values, check_nodes, check_sources, check_records, check_forecasts)


def check(documents: Iterable[Document], vocabulary: Vocabulary, index: Index) -> list[Finding]:
    """The errors of these files, by file and line.

    :param documents: the files to check
    :param vocabulary: what the ontology allows
    :param index: of all files of the data, these included
    """
    contexts = [Context(document, vocabulary, index) for document in documents]
    findings = {finding for context in contexts for check_file in CHECKS for finding in check_file(context)}
    return sorted(findings, key=lambda f: (str(f.path), f.line or 0, f.subject, f.property or "", f.message))


def raise_for_errors(findings: Iterable[Finding]) -> None:
    """Stops at errors.

    :raises DataError: if one of the findings is an error
    """
    errors = [finding for finding in findings if finding.severity == ERROR]
    if errors:
        count = "one error" if len(errors) == 1 else f"{len(errors)} errors"
        raise DataError(f"the data have {count}", errors, hint=errors[0].hint)
