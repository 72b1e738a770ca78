"""Words of canned queries in the reader's language: names of columns and parameters, hints, groups of questions.

A query names its variables once, in its text; what a reader sees of them is here, so that it can be translated.
"""

from __future__ import annotations

from functools import cache

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as N_  # noqa: N812  a name that pybabel looks for

from kg.query import CannedQuery, Parameter

_HEADINGS = {
    "about": N_("about"),
    "accepted": N_("accepted"),
    "actNumber": N_("act number"),
    "acting": N_("acting"),
    "actors": N_("who acted"),
    "adopted": N_("adopted"),
    "aim": N_("value aimed at"),
    "aimUnit": N_("unit of the aim"),
    "amount": N_("amount"),
    "article": N_("article"),
    "asOf": N_("as of"),
    "assertions": N_("assertions"),
    "assessment": N_("assessment"),
    "assessors": N_("assessed by"),
    "asset": N_("asset"),
    "audience": N_("audience"),
    "baseline": N_("baseline"),
    "bases": N_("based on"),
    "better": N_("which is better"),
    "body": N_("body"),
    "certain": N_("certain"),
    "chairs": N_("chaired by"),
    "comparator": N_("comparison"),
    "confidence": N_("our confidence"),
    "confirmed": N_("confirmed"),
    "countries": N_("countries"),
    "country": N_("country"),
    "currency": N_("currency"),
    "date": N_("date"),
    "daysLeft": N_("days left"),
    "daysOver": N_("days overdue"),
    "deadline": N_("deadline"),
    "decided": N_("decided"),
    "developers": N_("developed by"),
    "dimension": N_("respect"),
    "dueBefore": N_("due before"),
    "dueBy": N_("due by"),
    "earliest": N_("not before"),
    "edition": N_("edition"),
    "energy": N_("energy"),
    "entered": N_("entered"),
    "entry": N_("entry"),
    "event": N_("event"),
    "evidence": N_("evidence"),
    "facility": N_("facility"),
    "figure": N_("figure"),
    "first": N_("first of them"),
    "firstDate": N_("date of the first"),
    "firstEdition": N_("first edition"),
    "formulation": N_("wording"),
    "from": N_("from"),
    "function": N_("function"),
    "funded": N_("what is funded"),
    "funders": N_("funded by"),
    "funding": N_("funding"),
    "gist": N_("gist"),
    "hardware": N_("hardware"),
    "hedge": N_("put as"),
    "inForce": N_("in force"),
    "index": N_("index"),
    "instrument": N_("instrument"),
    "isoAlpha2": N_("ISO code, two letters"),
    "isoAlpha3": N_("ISO code, three letters"),
    "issued": N_("published"),
    "issuers": N_("issued by"),
    "kind": N_("kind"),
    "labelRu": N_("name in Russian"),
    "language": N_("language"),
    "languages": N_("languages"),
    "lastEdition": N_("last edition"),
    "lastSeen": N_("last seen in office"),
    "latest": N_("not after"),
    "level": N_("level"),
    "locator": N_("place in the source"),
    "matter": N_("matter"),
    "matters": N_("matters"),
    "measured": N_("measured"),
    "metric": N_("metric"),
    "metrics": N_("metrics"),
    "model": N_("model"),
    "most": N_("at most so many sources"),
    "name": N_("name"),
    "noDeadline": N_("why no deadline"),
    "note": N_("note"),
    "number": N_("number"),
    "observation": N_("observation"),
    "observations": N_("observations"),
    "observed": N_("measured on"),
    "occasion": N_("occasion"),
    "of": N_("of what"),
    "operators": N_("operated by"),
    "organisers": N_("organised by"),
    "other": N_("other"),
    "outcome": N_("outcome"),
    "owners": N_("owned by"),
    "parameters": N_("parameters"),
    "paraphrase": N_("what the source says"),
    "parents": N_("part of"),
    "part": N_("part"),
    "participants": N_("participants"),
    "partner": N_("partner"),
    "partners": N_("partners"),
    "passage": N_("passage"),
    "passages": N_("passages"),
    "person": N_("person"),
    "pilots": N_("pilot sites"),
    "places": N_("places"),
    "planned": N_("planned for"),
    "post": N_("post"),
    "programme": N_("programme"),
    "property": N_("property"),
    "provision": N_("provision"),
    "publisher": N_("publisher"),
    "publishers": N_("published by"),
    "purpose": N_("purpose"),
    "qualifier": N_("exactness"),
    "query": N_("question that lists them"),
    "rating": N_("rating"),
    "reached": N_("reached"),
    "reason": N_("reason"),
    "recipients": N_("recipients"),
    "relation": N_("relation"),
    "resolution": N_("ruling"),
    "responsible": N_("responsible"),
    "result": N_("result"),
    "rewrites": N_("retells"),
    "rule": N_("what it lays down"),
    "ruling": N_("ruling"),
    "satisfied": N_("aim reached"),
    "scope": N_("scope"),
    "search": N_("search"),
    "searched": N_("searched when"),
    "setOn": N_("set on"),
    "setter": N_("set in"),
    "signed": N_("signed"),
    "since": N_("since"),
    "sizes": N_("sizes"),
    "source": N_("source"),
    "sourceKind": N_("kind of source"),
    "sourceKinds": N_("kinds of sources"),
    "sources": N_("sources"),
    "speakers": N_("speakers"),
    "specification": N_("specification"),
    "speech": N_("statement"),
    "stage": N_("stage"),
    "stance": N_("stance"),
    "state": N_("state"),
    "status": N_("status"),
    "step": N_("step"),
    "subject": N_("subject"),
    "supersededBy": N_("superseded by"),
    "target": N_("aim"),
    "targetKind": N_("kind of target"),
    "tenure": N_("term of office"),
    "text": N_("text"),
    "theme": N_("theme"),
    "thing": N_("thing"),
    "things": N_("things"),
    "to": N_("to"),
    "tokens": N_("training tokens"),
    "topic": N_("topic"),
    "topics": N_("topics"),
    "unM49": N_("UN code"),
    "unit": N_("unit"),
    "until": N_("until"),
    "url": N_("address"),
    "value": N_("value"),
    "verdict": N_("verdict"),
    "voice": N_("in whose voice"),
    "website": N_("website"),
    "what": N_("what"),
    "when": N_("when"),
    "wikidata": N_("Wikidata"),
    "within": N_("days ahead"),
    "wording": N_("wording"),
    "year": N_("year"),
}
_HINTS = (
    N_("only this state"),
    N_("only links from or to this instrument"),
    N_("only judgements on this thing"),
    N_("only judgements in this respect"),
    N_("only assets of this kind"),
    N_("only assets under this topic"),
    N_("only those with this status on the day"),
    N_("the day that is asked for"),
    N_("only bodies of this kind"),
    N_("only claims with at most so many sources"),
    N_("only claims all of whose sources are of this kind"),
    N_("only rulings of this outcome"),
    N_("only rulings on this thing or on what hangs on it"),
    N_("so many days ahead"),
    N_("entered on this day or later"),
    N_("entered on this day or earlier"),
    N_("only events of this kind"),
    N_("not before this day"),
    N_("not after this day"),
    N_("the thing about which claims are wanted"),
    N_("only this instrument"),
    N_("only this aim"),
    N_("only things of this kind"),
    N_("only this index"),
    N_("only indices of this publisher"),
    N_("only instruments of this kind"),
    N_("only instruments under this topic"),
    N_("the thing whose life line is wanted"),
    N_("the thing whose names are wanted"),
    N_("only edges from or to this thing"),
    N_("only posts in this body"),
    N_("only what this body or person is responsible for"),
    N_("only links with this partner"),
    N_("only this matter"),
    N_("only provisions of this kind"),
    N_("only provisions of this instrument"),
    N_("only provisions on this matter"),
    N_("only what this body, person or post is responsible for"),
    N_("only responsibility for things of this kind"),
    N_("the source"),
    N_("only sources of this kind"),
    N_("only sources of this publisher"),
    N_("only sources in this language (its tag)"),
    N_("only sources issued on this day or later"),
    N_("only this speaker"),
    N_("only instruments, bodies or assets"),
    N_("only things with this status"),
    N_("only aims of this kind"),
    N_("only those in this state"),
    N_("only aims under this topic"),
    N_("only wordings of this level; without it all but drafts and company plans"),
    N_("only steps of this stage"),
    N_("only events of things under this topic"),
    N_("only this topic"),
    N_("only those due on this day or earlier"),
)
_SAID = (
    N_("a factor without a baseline"),
    N_("the metric does not say whether more or less is better"),
    N_("completed after the deadline"),
    N_("measured after the deadline and short of the value"),
    N_("first seen to be reached after the deadline"),
    N_("neither a value nor a deadline"),
)
"""What canned queries say in words of their own."""
GROUPS = {
    "targets": N_("Targets and deadlines"),
    "status": N_("Status on a day"),
    "instruments": N_("Laws and strategies"),
    "provisions": N_("What the laws say"),
    "bodies": N_("Bodies and offices"),
    "people": N_("People and statements"),
    "assets": N_("Computers, data, models, programmes"),
    "rankings": N_("Rankings"),
    "events": N_("Events"),
    "international": N_("International ties"),
    "economy": N_("Money"),
    "assessments": N_("Judgements"),
    "countries": N_("Countries"),
    "coverage": N_("What is not known"),
    "evidence": N_("Who says so"),
    "network": N_("Links"),
    "identifiers": N_("Names and codes"),
    "sources": N_("Sources"),
    "changes": N_("Changes of the graph"),
}
"""Groups of questions by tag, in the order in which they are shown."""


def heading(variable: str) -> str:
    """What a column or parameter is called; its variable in plain words if nobody named it."""
    plain = variable.removesuffix("Label") or variable
    if plain in _HEADINGS:
        text = str(_HEADINGS[plain])
    else:
        text = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in plain).strip()
    return text[:1].upper() + text[1:]


def hint(parameter: Parameter) -> str:
    """What a parameter means, in the reader's language if it is known there."""
    return gettext(parameter.description) if parameter.description else ""


def say(text: str) -> str:
    """What a canned query says in words of its own, in the reader's language; any other text as it is."""
    return gettext(text) if text in _own() else text


@cache
def _own() -> frozenset[str]:
    with force_locale("en"):
        return frozenset(map(str, _SAID))


def group_of(query: CannedQuery) -> str:
    """The group of a question: its first tag that is one."""
    return next((tag for tag in query.tags if tag in GROUPS), "countries")


def title_of(query: CannedQuery, language: str) -> str:
    """The question in the reader's language."""
    return query.title(language)


def plain_description(query: CannedQuery) -> str:
    """The description of a question on one line, as it is looked up for translation."""
    return " ".join(query.description.split())


def description_of(query: CannedQuery) -> str:
    """What a row of the answer is, in the reader's language where that is known, else in English."""
    text = plain_description(query)
    return gettext(text) if text else ""
