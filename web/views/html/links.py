"""What points to a thing: other things that name it, by the property that does, in words that read from its side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from pyoxigraph import NamedNode

from kg.namespaces import PREFIXES, expand, shorten
from web.snapshot import snapshot
from web.views.html.evidence_badge import Mark
from web.views.html.facts import ACCEPTED, graphs_of, mark
from web.views.html.terms import name

MOST = 60
"""How many links of one kind a page shows; the rest is behind the question that lists them."""
_OURS = PREFIXES["aip"]
#: Links that have sections of their own on the page.
_APART = {
    expand(f"aip:{local}")
    for local in (
        *("of", "formulationOf", "setBy", "holder", "post", "postIn", "about", "metric", "inEdition", "speaker"),
        *("provisionOf", "country", "topic", "sector", "unit", "comparator", "satisfies", "progressOf"),
        "evidence",
    )
}


@dataclass(frozen=True)
class Link:
    """A thing that names this one."""

    subject: NamedNode
    mark: Mark | None


@dataclass(frozen=True)
class Group:
    """Things that name this one by one property.

    :param more: how many are not shown
    """

    predicate: NamedNode
    title: str
    links: Sequence[Link]
    more: int = 0


def titles() -> dict[str, str]:
    """What a property is called from the other side."""
    return {
        "aip:partOf": _("Its parts"),
        "aip:implements": _("Implemented by"),
        "aip:amends": _("Amended by"),
        "aip:repeals": _("Repealed by"),
        "aip:basedOn": _("Basis of"),
        "aip:approvedBy": _("Approved"),
        "aip:becomes": _("Came from"),
        "aip:replaces": _("Replaced by"),
        "aip:continues": _("Continued by"),
        "aip:supersedes": _("Superseded by"),
        "aip:responsibleBody": _("Responsible for"),
        "aip:issuedBy": _("Issued"),
        "aip:by": _("Steps taken"),
        "aip:establishedBy": _("Established"),
        "aip:operatedBy": _("Operates"),
        "aip:ownedBy": _("Owns"),
        "aip:developedBy": _("Developed"),
        "aip:fundedBy": _("Funds"),
        "aip:funds": _("Funding"),
        "aip:recipient": _("Receives"),
        "aip:usedBy": _("Uses"),
        "aip:partner": _("Partner in"),
        "aip:party": _("Party to"),
        "aip:signatory": _("Signed"),
        "aip:participant": _("Took part in"),
        "aip:organisedBy": _("Organised"),
        "aip:chairedBy": _("Chairs"),
        "aip:hasMember": _("Member of"),
        "aip:overseenBy": _("Oversees"),
        "aip:founder": _("Founded"),
        "aip:supports": _("Supported by"),
        "aip:inTalksWith": _("In talks with"),
        "aip:locatedIn": _("Located here"),
        "aip:pilotSite": _("Piloted here"),
        "aip:atEvent": _("What happened there"),
        "aip:occasion": _("Said there"),
        "aip:laureate": _("Honoured by"),
        "aip:assessedBy": _("Its judgements"),
        "aip:publishedBy": _("Publishes"),
        "aip:editionOf": _("Editions"),
        "aip:ofIndex": _("Measures of this index"),
        "aip:stage": _("Steps of this kind"),
        "aip:status": _("Reported with this status"),
        "aip:matter": _("Provisions on this"),
        "aip:provisionKind": _("Provisions of this kind"),
        "aip:settingLevel": _("Wordings at this level"),
        "dcterms:publisher": _("Its sources"),
    }


def links_back(thing: NamedNode) -> list[Group]:
    """What names a thing, in groups, the order of the words fixed."""
    groups: dict[NamedNode, set[NamedNode]] = {}
    for quad in snapshot().store.quads_for_pattern(None, None, thing, ACCEPTED):
        if isinstance(quad.subject, NamedNode) and _shown(quad.predicate):
            groups.setdefault(quad.predicate, set()).add(quad.subject)
    known = titles()
    order = {expand(prefixed): place for place, prefixed in enumerate(known)}
    found = []
    for predicate in sorted(groups, key=lambda p: (order.get(p.value, len(order)), p.value)):
        subjects = sorted(groups[predicate], key=lambda s: (name(s).text.casefold(), s.value))
        if links := [_link(subject, predicate, thing) for subject in subjects[:MOST]]:
            title = known.get(shorten(predicate.value)) or _("Named as: %(property)s", property=name(predicate).text)
            found.append(Group(predicate, title, links, len(subjects) - len(links)))
    return found


def _shown(predicate: NamedNode) -> bool:
    return predicate.value.startswith(_OURS) and predicate.value not in _APART


def _link(subject: NamedNode, predicate: NamedNode, thing: NamedNode) -> Link:
    quads = snapshot().store.quads_for_pattern(subject, predicate, thing, None)
    return Link(subject, mark(graphs_of(quads), subject, predicate, thing))
