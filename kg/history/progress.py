"""Whether a measurement meets a formulation.

A narrower or equal metric satisfies a floor, a wider or equal one a ceiling. What its source calls "about" or "up to"
a value satisfies nothing exactly: it clears a floor only with the margin of rounding, else it is "about".
"""

from decimal import Decimal
from enum import Enum

from kg.history.model import Formulation, Value

MARGIN = Decimal("0.05")
"""How far a rounded value may be off: a twentieth, as concept:comparator-about says."""

FLOORS = {"comparator-at-least": "floor", "comparator-more-than": "over"}
CEILINGS = {"comparator-at-most": "ceiling", "comparator-less-than": "under", "comparator-by-rank": "ceiling"}
DIRECTED = ("comparator-as-stated", "comparator-up-to", "comparator-about", "comparator-times-baseline")
TIMES = "unit-times"

BELOW = {"qualifier-nearly", "qualifier-less-than", "qualifier-up-to"}
ABOVE = {"qualifier-more-than", "qualifier-at-least"}
ABOUT = "qualifier-about"
UP_TO = "qualifier-up-to"


class Fit(Enum):
    """How a measurement stands to a formulation."""

    MEETS = "meets"
    ABOUT = "about"
    SHORT = "short"
    UNKNOWN = "unknown"


def fit(formulation: Formulation, seen: Value) -> Fit:
    """How a measurement stands to a formulation; `Fit.UNKNOWN` where they cannot be compared."""
    goal = goal_of(formulation, seen.unit)
    kind = bound_of(formulation)
    if goal is None or kind is None:
        return Fit.UNKNOWN
    if kind == "exactly":
        return _exact(goal, seen)
    return _floor(goal, seen, kind) if kind in ("floor", "over") else _ceiling(goal, seen, kind)


def goal_of(formulation: Formulation, unit: str) -> Decimal | None:
    """The value to be reached, in the unit of a measurement."""
    if formulation.value is None:
        return None
    if formulation.comparator == "comparator-times-baseline" and unit != TIMES:
        return None if formulation.baseline is None else formulation.baseline * formulation.value
    if formulation.comparator == "comparator-times-baseline":
        return formulation.value if formulation.higher_is_better else None
    if unit != formulation.unit:
        return None
    if formulation.comparator == "comparator-about":
        return formulation.value * (1 - MARGIN if formulation.higher_is_better else 1 + MARGIN)
    return formulation.value


def bound_of(formulation: Formulation) -> str | None:
    """Whether the value is a floor, a ceiling (either may have to be passed) or to be met exactly."""
    if formulation.comparator in DIRECTED:
        return {True: "floor", False: "ceiling", None: None}[formulation.higher_is_better]
    if formulation.comparator == "comparator-exactly":
        return "exactly"
    return FLOORS.get(formulation.comparator) or CEILINGS.get(formulation.comparator)


def _exact(goal: Decimal, seen: Value) -> Fit:
    if seen.reach != "same":
        return Fit.UNKNOWN
    if seen.qualifier in ("", "qualifier-exactly"):
        return Fit.MEETS if seen.amount == goal else Fit.SHORT
    return Fit.ABOUT if seen.qualifier in (ABOUT, UP_TO) and seen.amount == goal else Fit.UNKNOWN


def _floor(goal: Decimal, seen: Value, kind: str) -> Fit:
    reached = seen.amount > goal or (
        seen.amount == goal and (kind == "floor" or seen.qualifier == "qualifier-more-than")
    )
    if seen.reach == "wider":
        return Fit.SHORT if not reached and seen.qualifier not in ABOVE else Fit.UNKNOWN
    if reached and seen.qualifier in (ABOUT, UP_TO):
        return Fit.MEETS if seen.qualifier == ABOUT and seen.amount * (1 - MARGIN) >= goal else Fit.ABOUT
    if reached:
        return Fit.UNKNOWN if seen.qualifier in BELOW else Fit.MEETS
    return Fit.UNKNOWN if seen.qualifier in ABOVE or seen.reach == "narrower" else Fit.SHORT


def _ceiling(goal: Decimal, seen: Value, kind: str) -> Fit:
    respected = seen.amount < goal or (
        seen.amount == goal and (kind == "ceiling" or seen.qualifier == "qualifier-less-than")
    )
    if seen.reach == "narrower":
        return Fit.SHORT if not respected and seen.qualifier not in BELOW else Fit.UNKNOWN
    if respected and seen.qualifier == ABOUT:
        return Fit.MEETS if seen.amount * (1 + MARGIN) <= goal else Fit.ABOUT
    if respected:
        return Fit.UNKNOWN if seen.qualifier in ABOVE else Fit.MEETS
    return Fit.UNKNOWN if seen.qualifier in BELOW or seen.reach == "wider" else Fit.SHORT


def obstacle(formulation: Formulation) -> str | None:
    """The reason why no state can be computed, if there is one."""
    if formulation.comparator == "comparator-times-baseline" and formulation.baseline is None:
        return "reason-no-baseline"
    if formulation.comparator in DIRECTED[:3] and formulation.higher_is_better is None:
        return "reason-no-direction"
    return None


def share(formulation: Formulation, seen: Value) -> Decimal | None:
    """The share of the way from the baseline to the value that is reached."""
    goal = goal_of(formulation, seen.unit)
    if seen.reach != "same" or goal is None or formulation.baseline is None or goal == formulation.baseline:
        return None
    return (seen.amount - formulation.baseline) / (goal - formulation.baseline)
