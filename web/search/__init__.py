"""Finding things by what they are called and what is said of them, in any language and script.

The index is the SQLite file of the snapshot (``kg.search``). Words are normalised before they are looked up, match as
the beginning of a word too, and are put right where no word begins so. A search is words only: nothing of it is a
query language, so nothing in it can be one.
"""

from web.search.index import MAX_HITS, Index, index_of
from web.search.questions import Offer, offers
from web.search.ranking import Filter, Hit, Results

__all__ = ("MAX_HITS", "Filter", "Hit", "Index", "Offer", "Results", "index_of", "offers")
