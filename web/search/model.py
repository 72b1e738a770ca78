"""What is searched for and what is found."""

import json
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Filter:
    """What a search is narrowed to; what is empty narrows nothing.

    :param kinds: of ``GROUPS``
    :param countries: codes of covered countries; one of them is enough
    :param first_year: something happened in this year or later
    :param last_year: something happened in this year or earlier
    :param names_only: only names and identifiers are searched, not what is said of things
    """

    kinds: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    first_year: int | None = None
    last_year: int | None = None
    names_only: bool = False

    def values(self) -> dict[str, str | int | None]:
        """What is bound in ``match.sql`` and ``exact.sql``."""
        has_years = self.first_year is not None or self.last_year is not None
        return {
            "kinds": json.dumps(sorted(self.kinds)) if self.kinds else None,
            "countries": json.dumps(sorted(self.countries)) if self.countries else None,
            "first_year": (self.first_year or 0) if has_years else None,
            "last_year": 9999 if self.last_year is None else self.last_year,
        }


@dataclass(frozen=True)
class Hit:
    """A search result.

    :param group: its kind, one of ``GROUPS``
    :param name: the name that matches best
    :param text: what is said of it, where that has half of the words at least; else empty
    :param exact: whether its name, identifier, number or IRI is what was searched for
    """

    iri: str
    group: str
    name: str
    language: str
    score: float
    text: str = ""
    text_language: str = ""
    countries: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    exact: bool = False


@dataclass(frozen=True)
class Results:
    """What a search found.

    :param hits: the best first, narrowed
    :param kinds: how many there are of each kind, whatever the search is narrowed to; the same for the others
    :param corrected: for each word that no word begins with, those that it may mean
    """

    hits: tuple[Hit, ...] = ()
    kinds: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    corrected: dict[str, tuple[str, ...]] = field(default_factory=dict)
