"""The part of a text that a search is about, with the words that match marked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.search.stems import word_forms, written_words
from web.search.ranking import Word, words_of

MAX_EXCERPT = 320
"""Characters of an excerpt, roughly: it begins and ends with a whole word."""
_BEFORE = 80


class Part(NamedTuple):
    """A part of a text; ``is_match`` says whether it is a word that was searched for."""

    text: str
    is_match: bool = False


def excerpt(text: str, search: str, corrected: Mapping[str, Sequence[str]] | None = None) -> list[Part]:
    """The part of a text with the words of a search marked: the whole text if it is short.

    :param search: the text that was searched for
    :param corrected: what misspelt words of it were taken for
    """
    words = [replace(word, near=tuple((corrected or {}).get(word.folded, ()))) for word in words_of(search)]
    spans = [match.span() for match in written_words(text) if _matches(match[0], words)]
    start, end = _window(text, spans)
    parts = [Part("… ")] if start else []
    position = start
    for begin, stop in spans:
        if start <= begin and stop <= end:
            parts += [Part(text[position:begin]), Part(text[begin:stop], True)]
            position = stop
    parts += [Part(text[position:end]), Part(" …" if end < len(text) else "")]
    return [part for part in parts if part.text]


def _matches(written: str, words: Sequence[Word]) -> bool:
    folded, stem = word_forms(written)
    return any(
        form == one or (form == word.folded and one.startswith(form))
        for word in words
        for form in word.forms
        for one in (*folded, stem)
        if form and one
    )


def _window(text: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where the excerpt begins and ends: it has as many matches as possible."""
    if len(text) <= MAX_EXCERPT or not spans:
        return 0, _word_end(text, MAX_EXCERPT)
    best = max(spans, key=lambda span: sum(span[0] <= other[0] < span[0] + MAX_EXCERPT - _BEFORE for other in spans))
    start = max(0, min(best[0] - _BEFORE, len(text) - MAX_EXCERPT))
    start = text.find(" ", start, best[0]) + 1 if start else 0
    return start, _word_end(text, start + MAX_EXCERPT)


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.find(" ", at)
    return len(text) if space < 0 else space
