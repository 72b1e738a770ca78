"""Every term the code names is one of its vocabulary."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg import terms
from kg.read import read_ontology
from kg.settings import Settings
from kg.terms import AIP, Namespace, is_assertion

ROOT = Path(__file__).resolve().parent.parent
NAMESPACES = {name: value for name, value in vars(terms).items() if isinstance(value, Namespace)}
# Not described in the ontology: graphs are not terms, and these vocabularies are the machinery of RDF itself.
UNDESCRIBED = {"GRAPH", "SH", "VOID", "DCAT", "EDTF", "OWL", "RDF", "RDFS", "XSD"}


def used_terms() -> Iterator[tuple[str, str, str]]:
    """File, namespace and name of each attribute or item of a namespace."""
    for path in sorted([*(ROOT / "kg").rglob("*.py"), *(ROOT / "web").rglob("*.py")]):
        if "node_modules" in path.parts:
            continue
        for found in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(found, ast.Attribute) and isinstance(found.value, ast.Name) and found.value.id in NAMESPACES:
                yield str(path.relative_to(ROOT)), found.value.id, found.attr
            elif (
                (
                    isinstance(found, ast.Subscript)
                    and isinstance(found.value, ast.Name)
                    and found.value.id in NAMESPACES
                )
                and isinstance(found.slice, ast.Constant)
                and isinstance(found.slice.value, str)
            ):
                yield str(path.relative_to(ROOT)), found.value.id, found.slice.value


def test_terms_are_declared() -> None:
    declared = {quad.subject for document in read_ontology(Settings.default(ROOT)) for quad in document.quads}
    unknown = [
        (path, f"{namespace}.{name}")
        for path, namespace, name in used_terms()
        if namespace not in UNDESCRIBED and NAMESPACES[namespace][name] not in declared
    ]
    assert not unknown


def test_a_term_is_made_once() -> None:
    assert AIP.deadline is AIP.deadline
    assert AIP["from"].value.endswith("/ontology/from")
    assert AIP.deadline in AIP
    assert "deadline" not in AIP
    with pytest.raises(AttributeError):
        AIP.__missing__  # noqa: B018


def test_assertions_are_told_from_other_graphs() -> None:
    assert is_assertion(NamedNode("https://w3id.org/ca-ai-policy/assertion/gazette.1"))
    assert not is_assertion(terms.GRAPH.accepted)
    assert not is_assertion(None)
