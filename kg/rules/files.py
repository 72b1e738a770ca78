"""Rules in files: one CONSTRUCT query a file, read into patterns; and as data, for the snapshot.

A body is one group of triple patterns with FILTER, BIND and VALUES. UNION, sub-queries and property paths are
refused, for then no triple could be explained by its premises. FILTER NOT EXISTS and OPTIONAL are allowed
on what no rule derives: only then does a new triple never take back an old conclusion.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import Quad, Store

from kg.errors import SyntaxDataError
from kg.namespaces import expand
from kg.quad_builder import statements, text
from kg.rules import FILES, Pattern, Rule, can_match
from kg.rules.syntax import HINT, Reader, tokens
from kg.terms import GRAPH, RDF, SH
from kg.text_files import read_header, read_text


def read_rules(folder: Path) -> list[Rule]:
    """The rules of all ``.rq`` files in a folder, sorted by name; one for each triple a rule constructs.

    :raises SyntaxDataError: if a file is not such a rule; names file and line
    """
    return [rule for path in sorted(folder.glob("*.rq")) for rule in parse_rule(read_text(path), path)]


def parse_rule(source: str, path: Path) -> list[Rule]:
    """The rules of one file, one for each triple that it constructs.

    :param path: gives the rule its name, and errors their place
    :raises SyntaxDataError: if the source is not such a rule
    """
    header = read_header(source, path)
    if "summary" not in header:
        raise SyntaxDataError("the rule has no '#+ summary:'", path=path, line=1, hint="say what the rule means")
    reader = Reader(tokens(source, path), path)
    head, body = reader.query()
    bound = {v for e in body for v in (e.variables if isinstance(e, Pattern) else e.assigned)}
    for pattern in head:
        for variable in sorted(pattern.variables - bound, key=str):
            raise SyntaxDataError(f"{variable} is constructed but never bound", path=path, line=1, hint=HINT)
    rule = Rule(
        path.stem,
        " ".join(str(header["summary"]).split()),
        head[0],
        tuple(body),
        stratum=FILES,
        label=str(header.get("label", path.stem)),
        source=source,
        optional=tuple(reader.optional),
        negated=tuple(reader.negated),
    )
    return [rule.with_head(pattern) for pattern in head]


def check_negation(rules: Sequence[Rule]) -> None:
    """That no rule depends on the absence of what a rule derives.

    :raises SyntaxDataError: for a FILTER NOT EXISTS or OPTIONAL on something derived
    """
    heads = {rule.head.key: rule.name for rule in reversed(rules) if rule.head}
    for rule in rules:
        for pattern in (*rule.negated, *rule.optional):
            for key, name in heads.items():
                if can_match(pattern.key, key):
                    raise SyntaxDataError(
                        f"the rule depends on there being no {pattern} but rule {name} may derive it",
                        path=f"{rule.name}.rq",
                        hint="FILTER NOT EXISTS and OPTIONAL are for what is only ever claimed",
                    )


def rules_as_quads(rules: Iterable[Rule]) -> list[Quad]:
    """The rules of files as data in ``graph:queries``: https://www.w3.org/TR/shacl-af/#SPARQLRule."""
    quads: list[Quad] = []
    for rule in {rule.name: rule for rule in rules if rule.source}.values():
        pairs = (
            ("rdf:type", "sh:SPARQLRule"),
            ("rdfs:label", text(rule.label, "en")),
            ("dcterms:description", text(rule.summary, "en")),
            ("sh:construct", text(rule.source)),
        )
        quads += statements(GRAPH.queries, expand(f"query:rule-{rule.name}"), *pairs)
    return quads


def stored_rules(store: Store) -> list[Rule]:
    """The rules that a snapshot was built with, from its ``graph:queries``.

    :raises SyntaxDataError: if one of them cannot be read
    """
    rules = []
    for rule in store.quads_for_pattern(None, RDF.type, SH.SPARQLRule, GRAPH.queries):
        name = str(getattr(rule.subject, "value", "")).removeprefix(expand("query:rule-"))
        for quad in store.quads_for_pattern(rule.subject, SH.construct, None, GRAPH.queries):
            rules += parse_rule(str(getattr(quad.object, "value", "")), Path(f"{name}.rq"))
    return sorted(rules, key=lambda rule: (rule.name, str(rule)))
