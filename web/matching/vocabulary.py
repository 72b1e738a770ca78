"""All words of all names: how rare each is, which are alike, and which names have them."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from web.matching.words import Form

_CUTOFF = 0.85
"""Jaro-Winkler similarity from which on two words may be the same."""
_MIN_FUZZY = 4
"""Letters below which a word is only like itself."""
_MOST_LIKE, _LEAST_LIKE = 0.95, 0.5
"""What a word counts that is nearly the same, and one that is just like enough."""
Likeness = MappingProxyType[str, float]


class Vocabulary:
    """The words of forms."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self._forms = forms
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, form in enumerate(forms):
            for word in set(form.words):
                self._having[word].append(number)
        self._fuzzy = [word for word in self._having if len(word) >= _MIN_FUZZY and not word.isdigit()]
        self._rarest = math.log(1 + len(forms))
        self._weights = {word: math.log(1 + len(forms) / len(having)) for word, having in self._having.items()}
        self.similar = lru_cache(maxsize=5000)(self._similar)

    def weight(self, word: str) -> float:
        """How much a word tells: the more, the rarer it is."""
        return self._weights.get(word, self._rarest)

    def _similar(self, word: str) -> Likeness:
        """The words that are like a word, each with how much it counts; a word without any has itself."""
        likeness = {}
        if len(word) >= _MIN_FUZZY and not word.isdigit():
            ranked = process.extract(
                word, self._fuzzy, scorer=JaroWinkler.normalized_similarity, score_cutoff=_CUTOFF, limit=None
            )
            step = (_MOST_LIKE - _LEAST_LIKE) / (1 - _CUTOFF)
            likeness = {other: _LEAST_LIKE + (score - _CUTOFF) * step for other, score, _ in ranked}
        return MappingProxyType(likeness | {word: 1.0})

    def forms_with(self, words: Iterable[str]) -> Iterator[Form]:
        """The forms that have any of these words."""
        numbers = {number for word in set(words) for number in self._having.get(word, ())}
        return (self._forms[number] for number in sorted(numbers))

    def forms_beginning(self, start: str) -> Iterator[Form]:
        """The forms whose spelling, or whose identifier, begins with a text."""
        return (form for form in self._forms if form.spelling.startswith(start))
