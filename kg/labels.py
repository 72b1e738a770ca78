"""The name to show for a term: one fixed order of languages, so that it is deterministic."""

from pyoxigraph import Literal, NamedNode, Store

from kg.namespaces import shorten
from kg.terms import AIP, DCTERMS, GRAPH, RDFS, SKOS, Term

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
    return any(True for _ in store.quads_for_pattern(thing, AIP.translatedLabel, literal, GRAPH.accepted))
