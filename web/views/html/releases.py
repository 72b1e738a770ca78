"""The releases for people: the list, each with its files and how to cite it, and what changed between two of them."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from flask import render_template
from pyoxigraph import NamedNode

from kg.releases.archive import Release
from web.answers.changes import CURRENT, asked_pair, day_of, difference
from web.answers.told_changes import ToldChange
from web.locale import language
from web.snapshot import snapshot
from web.views.html.shared.caching import cached_page
from web.views.html.shared.evidence_badge import evidence_address
from web.views.html.shared.forms import page_start
from web.views.html.shared.lookup import asked_country, countries, exists
from web.views.html.shared.terms import href

PAGE = 200
"""Changes on a page."""


@cached_page
def releases() -> str:
    """All releases, the newest first, and whether anything was changed since."""
    current = snapshot()
    return render_template("pages/releases.html", releases=current.releases[::-1], same=current.release)


@cached_page
def release(one: Release) -> str:
    """A release: how to cite it, its files with their checksums, and what changed before and since."""
    known = [other.version for other in snapshot().releases]
    place = known.index(one.version)
    before = known[place - 1] if place else None
    return render_template("pages/release.html", release=one, before=before, head=CURRENT)


@cached_page
def diff() -> str:
    """What changed from ``?from=`` to ``?to=``, of one state by ``?country=``.

    :raises ParameterError: if there is no such release or state, or the second release is older
    """
    before, after = asked_pair()
    country = asked_country()
    changes = [one for one in difference(before, after) if country is None or country in one.change.country]
    start = page_start(PAGE, len(changes))
    shown = changes[start : start + PAGE]
    return render_template(
        "pages/diff.html",
        before=before,
        after=after,
        days=(day_of(before), day_of(after)),
        versions=[*(one.version for one in snapshot().releases), CURRENT],
        countries=countries(),
        country=country,
        counts=Counter(one.change.kind for one in changes),
        groups=[(kind, list(group)) for kind, group in groupby(shown, key=lambda one: one.change.kind)],
        text=lambda one: one.text(language()),
        address=_address,
        count=len(changes),
        start=start,
        size=PAGE,
    )


def _address(described: ToldChange) -> str | None:
    """Where the evidence for a change is: that of the statement, or the ruling, or the passage that said so."""
    change = described.change
    if change.kind.startswith("ruling") or change.kind.endswith("withdrawn"):
        return _first(change.evidence)
    # The current snapshot may say something else than two other states.
    is_one = change.property is not None and len(change.after) == 1
    if is_one and exists(change.subject, change.property, change.after[0]):
        return evidence_address(change.subject, change.property, change.after[0])
    return _first((change.subject, *change.evidence))


def _first(nodes: Sequence[NamedNode]) -> str | None:
    """The page of the first of these that the current snapshot still has."""
    return next((href(node) for node in nodes if exists(node)), None)
