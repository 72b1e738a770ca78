"""The index of a snapshot and the search in it."""

import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kg.identifiers import iris_of
from kg.search import INDEX, index_in_memory, open_index
from kg.search.folding import fold
from web.memo import Kind
from web.search.ranking import MAX_WORDS, Filter, Hit, Results, Word, hit, telling_words
from web.snapshot import Snapshot

MAX_HITS = 400
"""How many results a search has."""
FEW = 5
"""Below so many results that have all words, those that have most of them follow."""
_NEAR, _SIMILAR, _LONGER, _CANDIDATES = 4, 0.75, 2, 80
"""A misspelt word stands for so many at most, so similar at least, so much longer or shorter, of so many
that share parts of it."""
_MIN_MISSPELT = 4
_SHORT = 3
"""Up to so many letters, a name of the other script is only by chance the same: "AI" is no "ай", a month."""
_MATCH, _EXACT = (Path(__file__).with_name(name).read_text("utf-8") for name in ("match.sql", "exact.sql"))
_BEGINS = "SELECT 1 FROM words WHERE words MATCH :words LIMIT 1"
_SPELLING = "SELECT word FROM spelling WHERE spelling MATCH :parts ORDER BY rank LIMIT :size"


class Index:
    """All that can be found in a snapshot; threads may share it.

    :param connection: of ``kg.search``
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """How many things can be found."""
        return int(self._rows("SELECT count(*) FROM thing", {})[0][0])

    def search(self, text: str, where: Filter | None = None) -> list[Hit]:
        """The things that match, the best first; at most ``MAX_HITS``."""
        return list(self.find(text, where).hits)

    def find(self, text: str, where: Filter | None = None) -> Results:
        """The things that match, the best first: those with all words; where these are few, those with most of them."""
        where = where or Filter()
        telling = telling_words(text)
        words = [self._known(word) for word in telling[:MAX_WORDS]]
        if not words:
            return Results()
        wide = Filter(names_only=where.names_only)
        everything = self._find(text, words, wide)
        hits = everything if where == wide else self._find(text, words, where)
        return Results(
            tuple(hits),
            Counter(one.group for one in everything),
            Counter(code for one in everything for code in one.countries),
            Counter(year for one in everything for year in one.years),
            {word.folded: word.near for word in words if word.near},
            tuple(dict.fromkeys(word.written for word in words if self._is_unknown(word))),
            tuple(dict.fromkeys(word.written for word in telling[MAX_WORDS:])),
        )

    def _find(self, text: str, words: Sequence[Word], where: Filter) -> list[Hit]:
        hits = {one.iri: one for one in self._exact(text, words, where)}
        if hits and ":" in text:  # an IRI or an address names one thing and describes none
            return list(hits.values())
        for one in self._match(words, " AND ", where):
            hits.setdefault(one.iri, one)
        if len(hits) < FEW and len(words) > 1:
            for one in self._match(words, " OR ", where):
                hits.setdefault(one.iri, one)
        return sorted(hits.values(), key=lambda one: (not one.exact, -one.score, one.name, one.iri))[:MAX_HITS]

    def _exact(self, text: str, words: Sequence[Word], where: Filter) -> list[Hit]:
        """The things that the text names."""
        keys = json.dumps([" ".join(fold(text)), *iris_of(text)])
        rows = self._rows(_EXACT, {"words": keys, **where.values(), "size": MAX_HITS})
        hits = (hit(row, words, exact=True) for row in rows)
        return [one for one in hits if len(text) > _SHORT or one.name.isascii() == text.isascii()]

    def _match(self, words: Sequence[Word], joined_by: str, where: Filter) -> list[Hit]:
        expression = joined_by.join(word.clause() for word in words)
        expression = f"names : ({expression})" if where.names_only else expression
        rows = self._rows(_MATCH, {"words": expression, **where.values(), "size": MAX_HITS})
        hits = (hit(row, words, -row[-1]) for row in rows)
        return [one for one in hits if one.score > 0]

    def _known(self, word: Word) -> Word:
        """The word; where no other begins with it, as one that is still typed or misspelt."""
        folded = word.folded
        if len(folded) < _MIN_MISSPELT or folded.isdigit() or self._begins(folded):
            return word
        # "Tokay" is the beginning of "Tokayev", whose y is lost in the normalised form.
        if folded.endswith("i") and self._begins(folded[:-1]):
            return replace(word, folded=folded[:-1])
        return replace(word, near=self._near(folded))

    def _is_unknown(self, word: Word) -> bool:
        return not self._rows(_BEGINS, {"words": word.clause()})

    def _begins(self, word: str) -> bool:
        return bool(self._rows(_BEGINS, {"words": f'"{word}" *'}))

    def _near(self, word: str) -> tuple[str, ...]:
        """The words that a misspelt one may mean."""
        parts = " OR ".join(f'"{word[i : i + 3]}"' for i in range(len(word) - 2))
        candidates = (row[0] for row in self._rows(_SPELLING, {"parts": parts, "size": _CANDIDATES}))
        of_its_length = [other for other in candidates if abs(len(other) - len(word)) <= _LONGER]
        return tuple(get_close_matches(word, of_its_length, _NEAR, _SIMILAR))

    def _rows(self, sql: str, values: Mapping[str, str | int | None]) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()


_INDEX: Kind[Index] = Kind("search index")


def index_of(snapshot: Snapshot) -> Index:
    """The index of a snapshot: its file, or one made once in memory where it has none that can be read."""
    return snapshot.memo.get(_INDEX, None, lambda: _open(snapshot))


def _open(snapshot: Snapshot) -> Index:
    # The folder of another snapshot may be current where an endpoint elsewhere is read.
    is_own = snapshot.path.resolve().name == snapshot.name
    connection = open_index(snapshot.path / INDEX) if is_own else None
    return Index(connection or index_in_memory(snapshot.store))
