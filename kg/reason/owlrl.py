"""The same inference by owlrl, the reference implementation of OWL 2 RL in Python: slow, and not ours.

owlrl closes the ontology together with the data and writes down everything the rules allow. `NOISE` lists
what of it is left out, one reason each; the rest is what `kg.reason` finds as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set

import rdflib
from owlrl.OWLRL import OWLRL_Semantics
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store, Triple

from kg.errors import InconsistencyError
from kg.namespaces import PREFIXES
from kg.owl_rl import compile_rules
from kg.owl_rl.ontology import Ontology, node
from kg.reason import Inference
from kg.rules import RL_RULES, TYPE, Rule, Term, construct
from kg.rules.files import check_negation

_VOCABULARY = tuple(PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "xsd"))
_UNIVERSAL = {node(name) for name in ("owl:Thing", "rdfs:Resource", "rdfs:Literal", "owl:NamedIndividual")}
_Test = Callable[[Triple, Set[Term]], bool]

#: What owlrl derives and this graph leaves out, beside what is no RDF triple: a literal as subject (dt-type2,
#: prp-rng) or a blank node as predicate (prp-inv1). The set holds the terms of the ontology.
NOISE: dict[str, _Test] = {
    "about a term of the ontology (scm-*, cls-thing, prp-ap)": lambda t, schema: t.subject in schema,
    "about a term of RDF, RDFS, OWL or XSD (dt-type1)": lambda t, schema: _is_standard(t.subject),
    "about an expression or a list": lambda t, schema: _is_anonymous(t.subject),
    "in a class that holds everything (cls-thing)": lambda t, schema: t.object in _UNIVERSAL,
    "in a class without a name": lambda t, schema: t.predicate == TYPE and _is_anonymous(t.object),
    "of a thing to itself (eq-ref)": lambda t, schema: t.subject == t.object,
}


def materialise(triples: Iterable[Triple], ontology: Iterable[Triple], rules: Sequence[Rule] = ()) -> Inference:
    """Everything that follows from claims by OWL 2 RL, as owlrl reads it, and by rules.

    The parameters are those of `kg.reason.materialise`.

    :raises InconsistencyError: with the messages of owlrl
    :raises DataError: if the ontology uses what is not supported
    """
    known = list(ontology)
    check_negation([*compile_rules(known), *rules])
    graph = rdflib.Graph()
    for triple in (*known, *triples):
        graph.add(_to_rdflib(triple))
    stated = set(graph)
    counts: Counter[str] = Counter()
    rounds = 0
    while rounds == 0 or _run_rules(graph, rules, counts):
        rounds += 1
        _close(graph, counts)
    schema = Ontology(known).schema()
    found = (_from_rdflib(triple) for triple in set(graph) - stated if _is_rdf(triple))
    kept = [triple for triple in found if not any(test(triple, schema) for test in NOISE.values())]
    return Inference(sorted(kept, key=str), rounds, dict(sorted(counts.items())))


def _close(graph: rdflib.Graph, counts: Counter[str]) -> None:
    before = len(graph)
    closure = OWLRL_Semantics(graph, axioms=False, daxioms=False)
    closure.closure()
    if closure.error_messages:
        messages = "\n".join(f"  {message}" for message in sorted(closure.error_messages))
        raise InconsistencyError(
            f"owlrl found contradictions between claims and ontology\n{messages}",
            hint=f"correct a claim or reject it by a ruling; what the rules say: {RL_RULES}",
        )
    counts["owlrl"] += len(graph) - before


def _run_rules(graph: rdflib.Graph, rules: Sequence[Rule], counts: Counter[str]) -> int:
    """Run each rule until none adds anything; returns how many triples they added."""
    store = Store()
    whole = (_from_rdflib(triple) for triple in graph if _is_rdf(triple))
    store.bulk_extend(Quad(triple.subject, triple.predicate, triple.object) for triple in whole)
    added = 0
    more = True
    while more:
        more = False
        for rule in rules:
            new = [t for t in store.query(construct(rule)) if isinstance(t, Triple)]  # type: ignore[union-attr]
            for triple in new:
                store.add(Quad(triple.subject, triple.predicate, triple.object))
                graph.add(_to_rdflib(triple))
            counts[rule.name] += len(new)
            added += len(new)
            more = more or bool(new)
    return added


def _to_rdflib(triple: Triple) -> tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]:
    return _node_to(triple.subject), _node_to(triple.predicate), _node_to(triple.object)


def _node_to(term: Term) -> rdflib.term.Node:
    if isinstance(term, Literal):
        datatype = None if term.language else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    return rdflib.BNode(str(term)[2:])


def _from_rdflib(triple: tuple[rdflib.term.Node, ...]) -> Triple:
    return Triple(*(_node_from(term) for term in triple))  # type: ignore[arg-type]


def _node_from(term: rdflib.term.Node) -> Term:
    if isinstance(term, rdflib.Literal):
        datatype = None if term.language or term.datatype is None else NamedNode(term.datatype)
        return Literal(str(term), language=term.language, datatype=datatype)
    return NamedNode(str(term)) if isinstance(term, rdflib.URIRef) else BlankNode(str(term))


def _is_rdf(triple: tuple[rdflib.term.Node, ...]) -> bool:
    return isinstance(triple[1], rdflib.URIRef) and not isinstance(triple[0], rdflib.Literal)


def _is_standard(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(_VOCABULARY)


def _is_anonymous(term: Term) -> bool:
    return isinstance(term, BlankNode) or (isinstance(term, NamedNode) and "/genid/" in term.value)
