"""Checks of provenance: sources, passages and assertions are complete, and every claim is in an assertion."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from kg.check.context import Context, Node, name_of, names_of
from kg.findings import ERROR, Finding
from kg.index import Place, page_of
from kg.namespaces import PREFIXES, local_name
from kg.read import Graph
from kg.terms import AIP, DCTERMS, SCHEMA, XSD, Term

PROVENANCE = (AIP.Source, AIP.Passage, AIP.Assertion)
_REQUIRED = {
    AIP.Source: (DCTERMS.title, DCTERMS.publisher, DCTERMS.language, AIP.sourceKind, SCHEMA.url),
    AIP.Passage: (AIP.inSource, AIP.locator, AIP.paraphrase),
    AIP.Assertion: (AIP.inPassage, AIP.confidence, AIP.hedge, DCTERMS.created),
}
_HINT = "claims go into assertion:<source>.<n> { … }, described in graph:sources"


def check_sources(context: Context) -> Iterator[Finding]:
    """Errors in what one file says of its source, and claims that no passage supports."""
    yield from _empty(context)
    yield from _misplaced(context)
    for node in context.named(Place.SOURCES):
        for class_, required in _REQUIRED.items():
            if context.is_a(node.subject, class_):
                yield from missing(context, node, *required)
                yield from _described(context, node, class_)


def _empty(context: Context) -> Iterator[Finding]:
    """A source or registry file without a statement; that of our own records may be empty."""
    document = context.document
    if not document.quads and (document.path.suffix == ".trig" or document.path.parent.name == "registry"):
        message = "the file holds no statement"
        hint = "delete it, or describe its source; kg new-source writes a file to fill in"
        yield Finding(ERROR, document.path, None, "", None, message, hint, "empty-file")


def missing(context: Context, node: Node, *required: NamedNode) -> Iterator[Finding]:
    """The properties that a thing must have and has not."""
    for iri in required:
        if iri not in node.values:
            property_ = context.vocabulary.properties.get(iri)
            hint = f"add {name_of(iri)}" + (f" with {context.allowed(property_)}" if property_ else "")
            yield context.finding("missing", node, iri, f"{name_of(node.subject)} has no {name_of(iri)}", hint)


def _misplaced(context: Context) -> Iterator[Finding]:
    """Claims outside an assertion: each graph, or each thing in graph:sources, is named once."""
    reported: set[Graph] = set()
    for node in context.nodes:
        if node.place is Place.SOURCES and not context.is_a(node.subject, *PROVENANCE):
            message = f"{name_of(node.subject)} is described in graph:sources, where no assertion claims it"
            yield context.finding("claim-outside-assertion", node, None, message, _HINT)
        elif node.graph not in reported and (message := _outside(context, node)):
            reported.add(node.graph)
            yield context.finding("claim-outside-assertion", node, None, message, _HINT)
        elif node.place is Place.ASSERTION and context.is_a(node.subject, *PROVENANCE):
            message = f"{name_of(node.subject)} is described inside an assertion"
            yield context.finding("wrong-place", node, None, message, "allowed: graph:sources")


def _outside(context: Context, node: Node) -> str:
    """What is wrong with the graph of a node that belongs in an assertion; empty if nothing is."""
    if node.place is Place.ASSERTION and isinstance(node.graph, NamedNode):
        is_described = context.is_a(node.graph, AIP.Assertion)
        return "" if is_described else f"{name_of(node.graph)} holds claims, but graph:sources does not describe it"
    if node.place not in (Place.DEFAULT, Place.OTHER):
        return ""
    where = "outside any graph" if node.place is Place.DEFAULT else f"in {name_of(node.graph)}"
    return f"{name_of(node.subject)} is described {where}, where no assertion claims it"


def _described(context: Context, node: Node, class_: NamedNode) -> Iterator[Finding]:
    if context.document.path.suffix == ".trig":
        yield from _own_file(context, node, class_)
        yield from _same_page(context, node)
    if class_ == AIP.Source:
        yield from _dated(context, node)
    elif class_ == AIP.Assertion and node.subject not in context.index.graphs:
        message = f"{name_of(node.subject)} makes no claim: its graph is empty"
        yield context.finding("empty-assertion", node, None, message, f"write {name_of(node.subject)} {{ … }}")


def _own_file(context: Context, node: Node, class_: NamedNode) -> Iterator[Finding]:
    """A file is named as its source, and describes nothing of another source."""
    slug = context.document.path.stem
    named_after = _source_name(node.subject, class_)
    if named_after and named_after != slug:
        message = f"{name_of(node.subject)} does not belong in {context.document.path.name}"
        own = f"source:{slug}, passage:{slug}.<n>, assertion:{slug}.<n>"
        hint = f"allowed: {own}; or name the file {named_after}.trig"
        yield context.finding("wrong-file", node, None, message, hint)
        return
    for property_, kind in ((AIP.inSource, AIP.Source), (AIP.inPassage, AIP.Passage)):
        others = [value for value in node.values.get(property_, ()) if _source_name(value, kind) not in ("", slug)]
        if any(context.is_a(value, kind) for value in others):
            message = f"{name_of(node.subject)} is placed in {names_of(others)}, which belongs to another source"
            yield context.finding("wrong-file", node, property_, message, f"allowed: what belongs to source:{slug}")


def _source_name(term: Term, class_: NamedNode) -> str:
    """The slug of the source that a thing is named after; empty if its name is of another kind, reported elsewhere."""
    namespace = PREFIXES[local_name(class_.value).lower()]
    if not isinstance(term, NamedNode) or not term.value.startswith(namespace):
        return ""
    name = local_name(term.value)
    return name if class_ == AIP.Source else name.rpartition(".")[0]


def _dated(context: Context, node: Node) -> Iterator[Finding]:
    unknown = Literal("true", datatype=XSD.boolean) in node.values.get(AIP.dateUnknown, ())
    if DCTERMS.issued not in node.values and not unknown:
        message = f"{name_of(node.subject)} has no date"
        yield context.finding("missing", node, None, message, "add dcterms:issued, or aip:dateUnknown true")
    elif DCTERMS.issued in node.values and unknown:
        message = f"{name_of(node.subject)} has a date and also aip:dateUnknown"
        hint = "allowed: dcterms:issued or aip:dateUnknown true"
        yield context.finding("two-values", node, AIP.dateUnknown, message, hint)


def _same_page(context: Context, node: Node) -> Iterator[Finding]:
    """One page that stands as two sources would be its own second witness; tables may share the page of their index."""
    others = context.index.pages.get(page_of(node.values), set()) - {node.subject}
    if others:
        message = f"{name_of(node.subject)} is the same page as {names_of(others)}"
        hint = "put the passages of both in one file"
        yield context.finding("same-page", node, SCHEMA.url, message, hint)
