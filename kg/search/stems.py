"""The stems of words: ``using`` and ``used`` meet, ``использования`` and ``использование`` too."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from kg.search.folding import APOSTROPHES, INVISIBLE, fold

_CYRILLIC = range(0x0400, 0x0530)
_MARKS = "\u0300-\u036f"
"""Combining marks, as in й of two characters: so write file systems and some keyboards."""
_WORD = re.compile(rf"[\w{_MARKS}{APOSTROPHES}{INVISIBLE}]+")
_MIN_LENGTH = 4
"""Letters from which on a word has a stem of its own: shorter ones are names of laws and abbreviations."""


@lru_cache(maxsize=100_000)
def word_forms(word: str) -> tuple[tuple[str, ...], str]:
    """The normalised form of a word as it is written (several words, if it has a hyphen), and its stem.

    :param word: one word, in any script
    :returns: the stem is empty where the word has none of its own
    """
    word = unicodedata.normalize("NFC", word)
    folded = tuple(fold(word))
    if len(word) < _MIN_LENGTH or len(folded) != 1:
        return folded, ""
    import snowballstemmer  # takes 3 MB and 40 ms, which few processes need

    language = "russian" if any(ord(letter) in _CYRILLIC for letter in word) else "english"
    base = fold(snowballstemmer.stemmer(language).stemWord(word.lower()))  # a stemmer is not shared between threads
    has_stem = len(base) == 1 and len(base[0]) >= _MIN_LENGTH - 1 and base[0] != folded[0]
    return folded, base[0] if has_stem else ""


def written_words(text: str) -> Iterator[re.Match[str]]:
    """The words of a text as they are written, with their places."""
    return _WORD.finditer(text)


def with_stems(text: str) -> list[str]:
    """The normalised words of a text, each followed by its stem where that is another word."""
    words: list[str] = []
    for match in written_words(text):
        folded, stem = word_forms(match[0])
        words += [*folded, stem] if stem else folded
    return words
