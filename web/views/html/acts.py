"""Two acts side by side, such as a draft and the law that came of it: by matter and by article."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import render_template
from pyoxigraph import NamedNode

from kg.errors import ParameterError
from kg.identifiers import find_iri, iris_of
from kg.message import Message
from kg.namespaces import local_name
from kg.terms import AIP, Term
from web.answers.arguments import single
from web.snapshot import snapshot
from web.views.html.shared.caching import cached_page
from web.views.html.shared.related import NodeRow, acts_with_provisions, by_article, drafts_and_acts, node_rows
from web.views.html.shared.terms import sort_key

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Side:
    """One of two acts.

    :param provisions: all that the graph knows of its text
    """

    act: NamedNode
    provisions: Sequence[NodeRow]


@dataclass(frozen=True)
class Pairing:
    """A matter or an article with the provisions of each act.

    :param head: the concept of the matter, or the number of the article
    """

    head: Term | str
    cells: tuple[Sequence[NodeRow], Sequence[NodeRow]]

    @property
    def only(self) -> int | None:
        """Which of the two acts alone has it, counted from 0; ``None`` if both have."""
        return None if all(self.cells) else int(not self.cells[0])


@cached_page
def compare_acts() -> str:
    """The acts ``a`` and ``b`` side by side; without both, the acts that can be chosen.

    :raises ParameterError: if one of them is no act of which the graph knows a provision
    """
    chosen = [_act(parameter) for parameter in ("a", "b")]
    sides = [Side(act, node_rows(act, AIP.provisionOf, by_article)) for act in chosen if act is not None]
    both = (sides[0], sides[1]) if len(sides) == 2 else None
    matters = _by_matter(*both) if both else []
    return render_template(
        "pages/compare_acts.html",
        chosen=chosen,
        acts=acts_with_provisions(),
        drafts=drafts_and_acts(),
        sides=sides,
        matters=matters,
        counts=_counts(matters),
        articles=_by_article(*both) if both else [],
    )


def _act(parameter: str) -> NamedNode | None:
    text = single(parameter)
    if not text:
        return None
    act = find_iri(snapshot().store, text) if iris_of(text) else None
    if act not in acts_with_provisions():
        allowed = [local_name(one.value) for one in acts_with_provisions()]
        raise ParameterError(parameter, text[:80], Message("no act of which the graph knows a provision"), allowed)
    return act


def _by_matter(a: Side, b: Side) -> list[Pairing]:
    """The matters that either act treats: those of both, of the first alone, of the second alone."""
    pairings = _pair(a, b, lambda row: [term for term in row.all("aip:matter") if isinstance(term, NamedNode)])
    return sorted(pairings, key=lambda pairing: (-1 if pairing.only is None else pairing.only, _name(pairing.head)))


def _by_article(a: Side, b: Side) -> list[Pairing]:
    """The articles of either act in the order of their numbers."""
    pairings = _pair(a, b, lambda row: [row.text("aip:article")] if row.text("aip:article") else [])
    return sorted(
        pairings, key=lambda pairing: ([int(n) for n in _NUMBER.findall(str(pairing.head))], str(pairing.head))
    )


def _pair(a: Side, b: Side, heads: Callable[[NodeRow], Sequence[Term | str]]) -> list[Pairing]:
    groups: dict[Term | str, tuple[list[NodeRow], list[NodeRow]]] = {}
    for place, side in enumerate((a, b)):
        for row in side.provisions:
            for head in heads(row):
                groups.setdefault(head, ([], []))[place].append(row)
    return [Pairing(head, cells) for head, cells in groups.items()]


def _name(head: Term | str) -> tuple[str, str]:
    return sort_key(head) if isinstance(head, NamedNode) else ("", str(head))


def _counts(pairings: Iterable[Pairing]) -> tuple[int, int, int]:
    """How many both acts have, and each alone."""
    only = [pairing.only for pairing in pairings]
    return only.count(None), only.count(0), only.count(1)
