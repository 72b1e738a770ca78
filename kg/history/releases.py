"""Which values of one edition stand: two publications of one edition are two releases and no conflict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, permutations


@dataclass(frozen=True, order=True)
class Release:
    """A value as one publication gives it.

    :param series: metric, area and edition
    :param unordered: nobody knows whether it came before or after the other unordered ones
    """

    series: tuple[str, str, str]
    number: int
    node: str
    unordered: bool = False


def revisions(releases: Iterable[Release]) -> Iterator[tuple[str, str]]:
    """The later and the earlier observation of each pair of which the later revises the earlier."""
    for _, group in groupby(sorted(releases), key=lambda release: release.series):
        for later, earlier in permutations(group, 2):
            if later.number > earlier.number and not (later.unordered and earlier.unordered):
                yield later.node, earlier.node
