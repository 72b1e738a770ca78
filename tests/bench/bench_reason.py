"""How long reasoning takes: invented data in the shape of the real, under the real ontology and rules.

Run it as ``python tests/bench/bench_reason.py`` (10,000 and 100,000 triples; ``--large`` adds a million).
Nothing is asserted: it prints a table.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import click
from pyoxigraph import Literal, NamedNode, Triple, parse

from kg.namespaces import expand
from kg.rules.files import read_rules

ONTOLOGY = Path(__file__).parents[2] / "ontology"
COUNTRIES = ("kz", "uz", "kg", "tj", "tm")
#: One block of data: a body in its hierarchy, a person in a post, a law and its life, a target and its
#: progress. A word with a colon is a name, ``%`` is the number of the block, ``@`` the country, ``<`` the
#: block of the body that this one is part of.
BLOCK = """
id:@-ministry-% a aip:Ministry | aip:country id:@ | rdfs:label en | aip:translatedLabel ru | aip:partOf id:@-ministry-<
id:@-person-% a aip:Person | aip:country id:@ | rdfs:label en | aip:translatedLabel ru
id:@-post-% a aip:Post | aip:country id:@ | rdfs:label en | rdfs:label ru | aip:postIn id:@-ministry-%
id:@-tenure-% a aip:Tenure | aip:post id:@-post-% | aip:holder id:@-person-% | aip:ordinal 1 | aip:from 2024
id:@-law-% a aip:Law | aip:country id:@ | rdfs:label en | rdfs:label ru | aip:actNumber text | aip:issuedBy id:@-ministry-%
id:@-law-%--signed-1 a aip:LifecycleEvent | aip:of id:@-law-% | aip:stage concept:stage-signed | aip:ordinal 1 | aip:date 2025
id:@-law-%--in-force-1 a aip:LifecycleEvent | aip:of id:@-law-% | aip:stage concept:stage-in-force | aip:ordinal 1 | aip:date 2026
id:@-target-% a aip:Target | aip:country id:@ | rdfs:label en | aip:translatedLabel ru
id:@-metric-% a aip:Metric | aip:country id:@ | rdfs:label en | rdfs:label ru | aip:unit concept:unit-percent
id:@-wording-% a aip:Formulation | aip:formulationOf id:@-target-% | aip:setBy id:@-law-% | aip:ordinal 1 | aip:metric id:@-metric-% | aip:about id:@-asset-% | aip:comparator concept:comparator-at-least | aip:targetValue 50 | aip:unit concept:unit-percent
id:@-seen-%-1 a aip:Observation | aip:metric id:@-metric-% | aip:about id:@-asset-% | aip:edition text | aip:release 1 | aip:value 40 | aip:unit concept:unit-percent
id:@-seen-%-2 a aip:Observation | aip:metric id:@-metric-% | aip:about id:@-asset-% | aip:edition text | aip:release 1 | aip:value 60 | aip:unit concept:unit-percent
id:@-asset-% a aip:DataCentre | aip:country id:@ | rdfs:label en | rdfs:label ru | aip:operatedBy id:@-ministry-% | aip:purpose en
"""  # noqa: E501


def data(size: int) -> list[Triple]:
    """So many triples, the same on every run."""
    lines = [line for line in BLOCK.splitlines() if line]
    blocks = (triple for number in count(1) for line in lines for triple in _triples(line, number))
    return list(islice(blocks, size))


def _triples(line: str, number: int) -> Iterator[Triple]:
    country = COUNTRIES[number % len(COUNTRIES)]
    # Of each country eight bodies after one another stand above one another, and the first below the state.
    below = number - len(COUNTRIES) if number // len(COUNTRIES) % 8 else 0
    filled = line.replace("%", str(number)).replace("@", country).replace("<", str(below))
    subject, _, rest = filled.partition(" ")
    for pair in rest.split(" | "):
        predicate, _, value = pair.partition(" ")
        yield Triple(_name(subject), _name("rdf:type" if predicate == "a" else predicate), _value(value, subject))


def _name(text: str) -> NamedNode:
    return NamedNode(expand(text))


def _value(text: str, subject: str) -> NamedNode | Literal:
    if text in {"en", "ru"}:
        return Literal(f"{subject[3:]} ({text})", language=text)
    if text == "text":
        return Literal(subject[3:])
    if text.isdigit():
        kind = "xsd:gYear" if len(text) == 4 else "xsd:integer" if len(text) == 1 else "xsd:decimal"
        return Literal(text, datatype=_name(kind))
    return _name(text)


def ontology() -> list[Triple]:
    """The real ontology and concept schemes."""
    files = [
        ONTOLOGY / "ai-policy.ttl",
        ONTOLOGY / "external.ttl",
        *sorted((ONTOLOGY / "concepts").glob("*.ttl")),
    ]
    return [quad.triple for path in files for quad in parse(path=str(path))]


def measure(engine: str, size: int) -> tuple[float, int, int, int]:
    """Seconds, inferred triples, rounds and peak memory in MiB."""
    from kg import reason
    from kg.reason import owlrl

    claims, axioms, rules = data(size), ontology(), read_rules(ONTOLOGY / "rules")
    materialise = owlrl.materialise if engine == "owlrl" else reason.materialise
    start = perf_counter()
    inference = materialise(claims, axioms, rules)
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return seconds, len(inference.triples), inference.rounds, peak


def alone(engine: str, size: int) -> tuple[float, int, int, int]:
    """`measure` in a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, engine, size).result()


@click.command()
@click.option("--large", is_flag=True, help="a million triples as well")
@click.option("--owlrl/--no-owlrl", default=True, help="owlrl at 10,000 triples, for comparison")
def main(large: bool, owlrl: bool) -> None:
    """Print a table of times."""
    runs = [("rules", 10_000), ("rules", 100_000), *([("rules", 1_000_000)] if large else [])]
    runs += [("owlrl", 10_000)] if owlrl else []
    click.echo(f"{'engine':8}{'triples':>10}{'seconds':>10}{'inferred':>10}{'rounds':>8}{'MiB':>7}{'ratio':>7}")
    first = 0.0
    for engine, size in runs:
        seconds, inferred, rounds, peak = alone(engine, size)
        first = first or seconds
        click.echo(f"{engine:8}{size:10,}{seconds:10.2f}{inferred:10,}{rounds:8}{peak:7,}{seconds / first:7.1f}")


if __name__ == "__main__":
    main()
