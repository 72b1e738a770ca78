"""What a store holds of a node: the values of its properties, the nodes that have a value, and the name to show for it,
in one fixed order of languages, so that it is deterministic."""

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from kg.namespaces import shorten
from kg.terms import AIP, DCTERMS, GRAPH, RDFS, SKOS, Term


def exists(
    store: Store,
    subject: NamedNode | None = None,
    predicate: NamedNode | None = None,
    value: Term | None = None,
    graph: NamedNode | None = None,
) -> bool:
    """Whether a store has such a quad; what is not given may be anything."""
    return any(True for _ in store.quads_for_pattern(subject, predicate, value, graph))


def objects(store: Store, subject: NamedNode, predicate: NamedNode, graph: NamedNode = GRAPH.accepted) -> list[Term]:
    """The values of a property in a graph, sorted."""
    quads = store.quads_for_pattern(subject, predicate, None, graph)
    return sorted((quad.object for quad in quads if not isinstance(quad.object, BlankNode)), key=str)


def nodes(store: Store, subject: NamedNode, predicate: NamedNode, graph: NamedNode = GRAPH.accepted) -> list[NamedNode]:
    """Those values of a property that are IRIs, sorted."""
    return [term for term in objects(store, subject, predicate, graph) if isinstance(term, NamedNode)]


def subjects(store: Store, predicate: NamedNode, value: Term, graph: NamedNode = GRAPH.accepted) -> list[NamedNode]:
    """The nodes that have a value of a property in a graph, sorted."""
    quads = store.quads_for_pattern(None, predicate, value, graph)
    return sorted({quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}, key=str)


def text(store: Store, subject: NamedNode, predicate: NamedNode, graph: NamedNode = GRAPH.accepted) -> str | None:
    """The first value of a property as text, one in English if there is any."""
    values = objects(store, subject, predicate, graph)
    english = [value for value in values if isinstance(value, Literal) and value.language == "en"]
    return getattr(next(iter(english or values), None), "value", None)


LANGUAGES = ("en", "ru", "kk", "uz", "ky", "tg", "tk")
_LABELS = (RDFS.label, SKOS.prefLabel, DCTERMS.title)


def order(language: str) -> tuple[str, ...]:
    """The fall-back order of a reader: the own language first, then the fixed order."""
    return (language, *(other for other in LANGUAGES if other != language))


def labels(store: Store, thing: NamedNode) -> dict[str, str]:
    """All names of a thing by language tag (an empty tag for none), from the accepted view."""
    names: dict[str, str] = {}
    for predicate in _LABELS:
        for quad in store.quads_for_pattern(thing, predicate, None, GRAPH.accepted):
            if isinstance(quad.object, Literal):
                language = quad.object.language or ""
                names[language] = min(names.get(language, quad.object.value), quad.object.value)
    return names


def label(store: Store, term: Term, language: str = "en") -> str:
    """The name of a term in the reader's language, else by the fixed order, else its short name or text."""
    if isinstance(term, Literal):
        return term.value
    if not isinstance(term, NamedNode):
        return str(term)
    return pick(labels(store, term), language) or shorten(term.value)


def pick(names: dict[str, str], language: str) -> str | None:
    """The first name in the fall-back order; any other tagged name, in the order of tags, comes last."""
    for tag in (*order(language), "", *sorted(names)):
        if tag in names:
            return names[tag]
    return None


def is_translation(store: Store, thing: NamedNode, text: str, language: str) -> bool:
    """Whether a name is a translation of ours and not a name that a source shows."""
    literal = Literal(text, language=language)
    return exists(store, thing, AIP.translatedLabel, literal, GRAPH.accepted)
