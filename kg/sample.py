"""A sample of statements to read again against their sources, the same for the same seed.

Each statement has a place in the order that the seed gives, worked out from its own text: what is added to the record
later takes places of its own and moves nobody else's, and a further statement is simply the next one.
"""

import hashlib
from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, Triple

from kg.statements import stating
from kg.vocabulary import Vocabulary


def draw(
    data: Iterable[Quad], vocabulary: Vocabulary, seed: str, size: int, skip: int = 0
) -> list[tuple[NamedNode, Triple]]:
    """Statements in the order of a seed, each with the assertion that makes it.

    :param data: the claims in the graphs of their assertions, and the types of their subjects
    :param size: how many
    :param skip: how many of the first are left out, so that an earlier sample can be carried on
    :return: fewer where there are no more
    """

    def place(statement: tuple[NamedNode, Triple]) -> bytes:
        assertion, triple = statement
        return hashlib.sha256(f"{seed} {triple} {assertion}".encode()).digest()

    return sorted(stating(data, vocabulary), key=place)[skip : skip + size]
