"""What another thing did to one: the act that a draft became, what took its place, what repealed it."""

from collections.abc import Sequence
from enum import Enum

from kg.history.model import Basis, Moment, Step
from kg.history.statuses import DECIDED, ENDED, hardness


class Link(Enum):
    """How a thing ends another one: the status it leaves it in, and which of its own steps counts, in this order."""

    BECOMES = ("status-became-law", ("status-signed", "status-adopted", "status-in-force"))
    REPLACES = ("status-replaced", ("status-in-force", "status-established", "status-in-operation"))
    REPEALS = ("status-repealed", ("status-in-force", "status-signed", "status-adopted"))


def successor_step(link: Link, successor: str, steps: Sequence[Step], spoken_of: Moment) -> Step | None:
    """The end that a successor brings; ``None`` as long as it is itself not decided on.

    :param steps: those of the successor
    :param spoken_of: when a source spoke of the link: it was so by then, if no step of the successor is known
    """
    status, preferred = link.value
    if not steps:
        return Step(status, spoken_of, Basis.REPORT, 1000, (successor,), successor)
    decided = [step for step in steps if DECIDED <= hardness(step.status) < ENDED]
    if not decided:
        return None

    def precedence(step: Step) -> tuple[bool, bool, int, tuple[object, ...]]:
        place = preferred.index(step.status) if step.status in preferred else len(preferred)
        return step.basis is Basis.REPORT, step.basis is Basis.EXPECTED, place, step.span

    step = min(decided, key=precedence)
    basis = Basis.SUCCESSOR if step.basis is Basis.EVENT else step.basis
    return Step(status, step.moment, basis, 1000, (*step.premises, successor), successor)
