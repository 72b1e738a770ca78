"""How the page of a thing begins and what it says of gaps: a sentence on it, offices on a day, empty sections."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _
from pyoxigraph import NamedNode

from kg.sentences import Sentence
from kg.terms import AIP, DCTERMS, Term
from web.answers.statements import sentence_of_statement, sentences_on
from web.views.html.shared.description import Fact
from web.views.html.shared.evidence_badge import EvidenceBadge, evidence_badge
from web.views.html.shared.lookup import objects
from web.views.html.shared.related import NodeRow, by_date, node_rows

_TELLING = (
    *(DCTERMS.description, AIP.purpose, AIP.function, AIP.issuedBy, AIP.developedBy, AIP.operatedBy),
    *(AIP.implements, AIP.amends, AIP.partOf, AIP.organisedBy, AIP.postIn),
)
"""What best tells what a thing is, the best first."""
Lead = tuple[Sentence, EvidenceBadge | None]


def lead(thing: NamedNode, formulations: Sequence[NodeRow], day: datetime.date) -> list[Lead]:
    """What a thing is, in a sentence or two with their evidence.

    :param formulations: of a target, of which the latest tells what it is
    :param day: on which offices are told
    """
    if formulations:
        return _sentences(formulations[-1].iri)[:1]
    own = [row for row in offices(thing, day) if thing in (row["aip:incumbent"], row["aip:post"])]
    return [one for row in own for one in _sentences(row.iri)[:1]] or _telling(thing)


def untold(thing: NamedNode, facts: Sequence[Fact], told: Sequence[Lead]) -> list[Fact]:
    """The facts without the values that the first sentences tell."""
    spoken = [sentence for sentence, _badge in told if sentence.names(thing)]

    def is_told(fact: Fact, term: Term) -> bool:
        words = [one for one in spoken if fact.predicate in one.properties]
        return any(one.names(term) or getattr(term, "value", "") in str(one) for one in words)

    left = (replace(fact, values=[value for value in fact.values if not is_told(fact, value.term)]) for fact in facts)
    return [fact for fact in left if fact.values]


def _sentences(node: NamedNode) -> list[Lead]:
    return [(one, evidence_badge(node)) for one in sentences_on(node)]


def _telling(thing: NamedNode) -> list[Lead]:
    """The sentence of the most telling property that is known."""
    for predicate in _TELLING:
        values = objects(thing, predicate)
        sentence = sentence_of_statement(thing, predicate, values[0]) if values else None
        if sentence:
            return [(sentence, evidence_badge(thing, predicate, values[0]))]
    return []


def offices(thing: NamedNode, day: datetime.date) -> list[NodeRow]:
    """The periods in office of a person, or of the holders of a post or of the posts of a body, on a day."""
    rows = [*node_rows(thing, AIP.incumbent, by_date), *node_rows(thing, AIP.post, by_date)]
    for post in node_rows(thing, AIP.postIn):
        rows += node_rows(post.iri, AIP.post, by_date)
    return [row for row in rows if row["aip:incumbent"] and _holds(row, day.isoformat())]


def _holds(row: NodeRow, day: str) -> bool:
    """Whether a period holds on a day (ontology/README.md, Periods)."""
    return row.text("aip:fromEarliest") <= day <= (row.text("aip:untilLatest") or "9999")


def gaps(kind: str, sections: Mapping[str, object]) -> list[str]:
    """The names of the sections that a reader may miss on a page of this kind because nothing is known.

    :param kind: instrument, target, body or person
    :param sections: what the page has, by name
    """
    expected = {
        "instrument": {"line": _("dated steps"), "provisions": _("provisions"), "targets": _("targets that it sets")},
        "target": {"way": _("measurements")},
        "body": {"tenures": _("office holders"), "line": _("dated steps")},
        "person": {"tenures": _("posts held"), "statements": _("statements")},
    }
    return [str(name) for key, name in expected.get(kind, {}).items() if not sections.get(key)]
