"""The same inference by owlrl, the reference implementation of OWL 2 RL in Python: slow, and not ours.

owlrl closes the ontology together with the data and writes down everything the rules allow. `NOISE` lists
what of it is left out, one reason each; the rest is what `kg.reason` derives as well.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set

import rdflib
from owlrl.OWLRL import OWLRL_Semantics
from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from kg.errors import InconsistencyError
from kg.owl_rl import compile_rules
from kg.owl_rl.ontology import Ontology
from kg.quad_builder import in_graph
from kg.rdflib_terms import RdflibTriple, from_rdflib, to_graph, to_rdflib
from kg.reason import Inference
from kg.rules import RL_RULES, Rule, construct
from kg.rules.files import check_negation
from kg.terms import OWL, RDF, RDFS, XSD, Term

_UNIVERSAL = {OWL.Thing, RDFS.Resource, RDFS.Literal, OWL.NamedIndividual}
_Test = Callable[[Triple, Set[Term]], bool]

#: What owlrl derives and this graph leaves out, beside what is no RDF triple: a literal as subject (dt-type2,
#: prp-rng) or a blank node as predicate (prp-inv1). The set holds the terms of the ontology.
NOISE: dict[str, _Test] = {
    "about a term of the ontology (scm-*, cls-thing, prp-ap)": lambda t, schema: t.subject in schema,
    "about a term of RDF, RDFS, OWL or XSD (dt-type1)": lambda t, schema: _is_standard(t.subject),
    "about an expression or a list": lambda t, schema: _is_anonymous(t.subject),
    "in a class that holds everything (cls-thing)": lambda t, schema: t.object in _UNIVERSAL,
    "in a class without a name": lambda t, schema: t.predicate == RDF.type and _is_anonymous(t.object),
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
    graph = to_graph((*known, *triples))
    stated = set(graph)
    counts: Counter[str] = Counter()
    rounds = 0
    while rounds == 0 or _run_rules(graph, rules, counts):
        rounds += 1
        _close(graph, counts)
    schema = Ontology(known).schema()
    derived = (from_rdflib(triple) for triple in set(graph) - stated if _is_rdf(triple))
    inferred = [triple for triple in derived if not any(test(triple, schema) for test in NOISE.values())]
    return Inference(sorted(inferred, key=str), rounds, dict(sorted(counts.items())))


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
    store.bulk_extend(in_graph(from_rdflib(triple) for triple in graph if _is_rdf(triple)))
    added = 0
    more = True
    while more:
        more = False
        for rule in rules:
            new = [t for t in store.query(construct(rule)) if isinstance(t, Triple)]  # type: ignore[union-attr]
            for triple in new:
                store.add(Quad(triple.subject, triple.predicate, triple.object))
                graph.add(to_rdflib(triple))
            counts[rule.name] += len(new)
            added += len(new)
            more = more or bool(new)
    return added


def _is_rdf(triple: RdflibTriple) -> bool:
    return isinstance(triple[1], rdflib.URIRef) and not isinstance(triple[0], rdflib.Literal)


def _is_standard(term: Term) -> bool:
    return any(term in space for space in (RDF, RDFS, OWL, XSD))


def _is_anonymous(term: Term) -> bool:
    return isinstance(term, BlankNode) or (isinstance(term, NamedNode) and "/genid/" in term.value)
