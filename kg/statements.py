"""What sources state, counted: the claims without those that only type, number or name a node.

A statement is a triple that at least one assertion makes and that says something of its subject. Its type, its ordinal
and the properties from which its IRI is made say nothing more, nor do the unit of a value, which is that of its metric,
and the edition and year that its key holds. Triples count what was written down, statements what was read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.keys import key_properties
from kg.origins import origins_of, sources_of
from kg.terms import AIP, CONCEPT, GRAPH, RDF, Term, is_assertion
from kg.vocabulary import Vocabulary

OFFICIAL_TEXTS = frozenset({CONCEPT["source-official-law"], CONCEPT["source-official-strategy"]})
"""Kinds of sources that are the text of an act or a strategy, not news of it."""
COMPILATIONS = frozenset({CONCEPT["source-compilation"]})
"""Kinds of sources that gather what others published: no first-hand witness."""
_NO_STATEMENT = frozenset({RDF.type, AIP.ordinal, AIP.unit, AIP.inEdition})


def count_statements(data: Iterable[Quad], vocabulary: Vocabulary) -> dict[str, int]:
    """How much sources state, and what it rests on.

    :param data: claims in the graphs of their assertions, and the descriptions of assertions and sources
    :return: the number of ``statements``; of those that one source makes (``single_source``), that sources of at least
        ``two_origins`` make, that an ``official_text`` makes, and that none but a ``compilation`` makes
    """
    data = list(data)
    described = [quad.triple for quad in data if quad.graph_name == GRAPH.sources]
    origins = origins_of(described)
    kinds = {t.subject: t.object for t in described if t.predicate == AIP.sourceKind}
    texts = {source for source, kind in kinds.items() if kind in OFFICIAL_TEXTS}
    compilations = {source for source, kind in kinds.items() if kind in COMPILATIONS}
    sources = list(_statements(data, sources_of(described), vocabulary).values())
    return {
        "statements": len(sources),
        "single_source": sum(len(of_one) == 1 for of_one in sources),
        "two_origins": sum(len({origins.get(s, s) for s in of_one}) > 1 for of_one in sources),
        "official_text": sum(not texts.isdisjoint(of_one) for of_one in sources),
        "compilation": sum(compilations.issuperset(of_one) for of_one in sources),
    }


def stating(data: Iterable[Quad], vocabulary: Vocabulary) -> list[tuple[NamedNode, Triple]]:
    """The claims that say something of their subjects, each with the assertion that makes it.

    :param data: claims in the graphs of their assertions, and what types the nodes they are about
    """
    data = list(data)
    says_nothing = _not_stating(data, vocabulary)
    return [
        (graph, quad.triple)
        for quad in data
        if isinstance(graph := quad.graph_name, NamedNode) and is_assertion(graph) and not says_nothing(quad.triple)
    ]


def _statements(
    data: list[Quad], source_of: Mapping[NamedNode, NamedNode], vocabulary: Vocabulary
) -> dict[Triple, set[NamedNode]]:
    """The sources of each statement."""
    statements: dict[Triple, set[NamedNode]] = defaultdict(set)
    for assertion, triple in stating(data, vocabulary):
        statements[triple].add(source_of[assertion])
    return statements


def _not_stating(data: list[Quad], vocabulary: Vocabulary) -> Callable[[Triple], bool]:
    """Tells the triples that say no more than the type and the key of their subject."""
    types: dict[Term, set[NamedNode]] = defaultdict(set)
    for quad in data:
        if quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
            types[quad.subject].add(quad.object)
    templates = {subject: vocabulary.key_template(of_one) for subject, of_one in types.items()}
    keys = {template: frozenset(key_properties(template)) for template in {*templates.values()} if template}
    editions = {
        (q.subject, q.object.value) for q in data if q.predicate == AIP.edition and isinstance(q.object, Literal)
    }

    def says_nothing(triple: Triple) -> bool:
        key = keys.get(templates.get(triple.subject) or "", frozenset())
        dated = triple.predicate == AIP.date and (triple.subject, getattr(triple.object, "value", "")) in editions
        return dated or triple.predicate in _NO_STATEMENT | key

    return says_nothing
