"""Changes as sentences, in the languages of ``words.yaml``; English stands in for others."""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from kg.diff import Change
from kg.graph import label
from kg.results import cell, plain
from kg.sentences import Sentences, values_of
from kg.terms import AIP, DCTERMS, GRAPH, Term
from kg.text_files import read_yaml

_REASONS = {"ruling": (AIP.reason, GRAPH.rulings), "search": (DCTERMS.description, GRAPH.coverage)}


@cache
def _templates() -> dict[str, dict[str, str]]:
    templates: dict[str, dict[str, str]] = read_yaml(Path(__file__).with_suffix(".yaml"))
    return templates


def as_json(change: Change, text: str) -> dict[str, object]:
    """A change as an object: in words, and as terms for programs."""
    return {
        "kind": change.kind,
        "text": text,
        "subject": change.subject.value,
        "property": change.property.value if change.property else None,
        "before": [plain(term) for term in change.before],
        "after": [plain(term) for term in change.after],
        "evidence": [node.value for node in change.evidence],
        "country": [node.value for node in change.country],
    }


class ChangeWords:
    """Writes the changes between two datasets in one language.

    :param before: the earlier dataset
    :param after: the later one
    """

    def __init__(self, before: Store, after: Store, language: str = "en") -> None:
        self.language = language
        self._before, self._after = before, after
        self._sentences = {id(store): Sentences(store, language) for store in (before, after)}

    def text(self, change: Change) -> str:
        """The change in a sentence or, where a node is new, in one or more."""
        store = self._before if change.kind.endswith("withdrawn") else self._after
        return self._template(change.kind).format(
            subject=self.name(self._subject(store, change)),
            property=label(self._after, change.property, self.language) if change.property else "",
            before=self._values(change.before),
            after=self._values(change.after),
            text=self._text(store, change),
        )

    def name(self, node: NamedNode) -> str:
        """What a node is called now, or was called."""
        known = any(True for _ in self._after.quads_for_pattern(node, None, None, None))
        return cell(self._after if known else self._before, node, self.language)

    def _template(self, kind: str) -> str:
        texts = _templates()[kind]
        return texts.get(self.language) or texts["en"]

    def _values(self, terms: Sequence[Term]) -> str:
        words = (self.name(t) if isinstance(t, NamedNode) else cell(self._after, t, self.language) for t in terms)
        return ", ".join(word.removesuffix(".") for word in words) or self._template("none")

    def _subject(self, store: Store, change: Change) -> NamedNode:
        """What a ruling is on; else the subject itself."""
        if change.kind.startswith("ruling"):
            for predicate in (AIP.onSubject, AIP.rejectsNode):
                for quad in store.quads_for_pattern(change.subject, predicate, None, GRAPH.rulings):
                    if isinstance(quad.object, NamedNode):
                        return quad.object
        return change.subject

    def _text(self, store: Store, change: Change) -> str:
        """What a ruling or a search says, or the statements themselves."""
        family = change.kind.partition("-")[0]
        if family in _REASONS:
            predicate, graph = _REASONS[family]
            stated = list(store.quads_for_pattern(change.subject, predicate, None, graph))
            texts = {q.object.language: q.object.value for q in stated if isinstance(q.object, Literal)}
            return texts.get(self.language) or texts.get("en") or next(iter(texts.values()), "")
        if change.kind not in ("added", "withdrawn"):
            return ""
        if change.property is not None:
            values = {change.property: list(change.after or change.before)}
        else:
            quads = (store.quads_for_pattern(change.subject, None, None, graph) for graph in change.evidence)
            values = values_of(chain.from_iterable(quads))
        sentences = self._sentences[id(store)].on_values(change.subject, values)
        return " ".join(filter(None, map(str, sentences))) or self.name(change.subject)
