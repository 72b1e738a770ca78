"""The model as a drawing: the main classes and the relations between them, named as the ontology names them.

The drawing is two boxes wide, so that it can be read on a phone, and the right column stands half a row lower: so the
name of each relation has the space between two rows. A list of the same relations is below it.
"""

from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from kg.terms import AIP
from kg.text_files import read_yaml

WIDTH, ROW, BOX_WIDTH, BOX_HEIGHT, MARGIN = 380, 104, 142, 40, 8
"""Measures of the drawing in its own units."""
MAX_LINE = 17
"""Characters of a name that fit in a box side by side."""
_MODEL = read_yaml(Path(__file__).with_suffix(".yaml"))
"""Where each class stands, and the relations between them."""


@dataclass(frozen=True)
class Box:
    """A class in the drawing; ``x`` and ``y`` are its upper left corner."""

    cls: NamedNode
    x: float
    y: float

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return self.x + BOX_WIDTH / 2, self.y + BOX_HEIGHT / 2


@dataclass(frozen=True)
class Arrow:
    """A relation from one class to another, with the ends of its line and the place of its name."""

    relation: NamedNode
    start: Box
    end: Box
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def middle(self) -> tuple[float, float]:
        """Where the name of the relation stands."""
        return round((self.x1 + self.x2) / 2, 1), round((self.y1 + self.y2) / 2, 1)


def boxes() -> dict[str, Box]:
    """The classes by local name."""
    right = WIDTH - MARGIN - BOX_WIDTH
    return {
        name: Box(AIP[name], right if column else MARGIN, MARGIN + row * ROW + (ROW // 2 if column else 0))
        for name, (column, row) in _MODEL["places"].items()
    }


def arrows() -> list[Arrow]:
    """The relations, each from edge to edge of its boxes."""
    by_name = boxes()
    return [_arrow(AIP[relation], by_name[start], by_name[end]) for start, relation, end in _MODEL["relations"]]


def height() -> int:
    """The height of the drawing."""
    return int(max(box.y for box in boxes().values())) + BOX_HEIGHT + MARGIN


def lines_of(text: str) -> list[str]:
    """A name in one line or in two, broken at the space nearest to its middle."""
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    if len(text) <= MAX_LINE or not spaces:
        return [text]
    middle = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return [text[:middle], text[middle + 1 :]]


def _arrow(relation: NamedNode, start: Box, end: Box) -> Arrow:
    x1, y1 = start.middle
    x2, y2 = end.middle
    up = 1 if start.y > end.y else -1
    shift = 0 if start.x == end.x else (30 if start.x < end.x else -30)
    return Arrow(relation, start, end, x1 + shift, y1 - up * BOX_HEIGHT / 2, x2 - shift, y2 + up * BOX_HEIGHT / 2)


def model() -> dict[str, object]:
    """What a template needs for the drawing."""
    size = {"width": WIDTH, "height": height(), "box": (BOX_WIDTH, BOX_HEIGHT)}
    return {**size, "boxes": list(boxes().values()), "arrows": arrows(), "lines_of": lines_of}
