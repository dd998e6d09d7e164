"""What an action did: its due week beside the weeks before it, and whether that is more than they swing by themselves.

The interval is that of natural process limits (XmR, see `dashboards.limits`). A rate is taken week by week like any
other number.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.actions.action import Expected
from dashboards.components.periods import MATURE
from dashboards.limits import natural_limits

MOST_WEEKS, FEWEST_WEEKS = 8, 4
MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class WeekValue:
    """A metric in the week or month that begins on a day; `base` is the count behind a ratio, where it has one."""

    start: dt.date
    value: float | None
    base: float | None
    maturity: str

    def is_few(self, minimum: int) -> bool:
        """Whether too few cases stand behind the value to lean on it (X9)."""
        return self.base is not None and self.base < minimum


@dataclass(frozen=True, slots=True)
class Baseline:
    """How things were: the weeks that tell, their mean, and how far single weeks lie from it by themselves."""

    weeks: tuple[WeekValue, ...]
    mean: float
    swing: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What the due week says.

    `state` is `measured`, or why it cannot be: `partial`, `late`, `maturing` (X5), `nothing` (no value), `few` (X9),
    `short` (fewer than four weeks of baseline), `zero` (a share of a baseline of zero) or `unknown` (no such metric).
    """

    state: str
    due: WeekValue
    baseline: Baseline | None = None
    expected: float | None = None

    @property
    def change(self) -> float | None:
        """The due week's value less the baseline's mean; nothing where it is not measured."""
        if self.state != MEASURED or self.baseline is None or self.due.value is None:
            return None
        return self.due.value - self.baseline.mean

    @property
    def interval(self) -> tuple[float, float] | None:
        """The change less and plus what a week swings by itself."""
        if self.change is None or self.baseline is None:
            return None
        return self.change - self.baseline.swing, self.change + self.baseline.swing

    @property
    def is_signal(self) -> bool | None:
        """Whether the due week lies outside the natural limits of the baseline."""
        return None if self.interval is None else self.interval[0] > 0 or self.interval[1] < 0

    @property
    def is_reached(self) -> bool | None:
        """Whether the change is at least the expected one, in its direction."""
        if self.change is None or self.expected is None:
            return None
        is_further = self.change > self.expected if self.expected > 0 else self.change < self.expected
        return is_further or math.isclose(self.change, self.expected, rel_tol=1e-9)

    @property
    def verdict(self) -> str:
        """The state, or in a word what was measured: `reached`, `reached_within`, `less`, `against`, `no_change`."""
        if self.change is None or self.expected is None:
            return self.state
        if self.is_reached:
            return "reached" if self.is_signal else "reached_within"
        if not self.is_signal:
            return "no_change"
        return "less" if (self.change > 0) == (self.expected > 0) else "against"


def settled_weeks(weeks: Sequence[WeekValue], minimum: int) -> list[WeekValue]:
    """The weeks that have a value, will not change any more, and rest on enough cases (X5, X9)."""
    return [one for one in weeks if one.maturity == MATURE and one.value is not None and not one.is_few(minimum)]


def baseline_of(weeks: Sequence[WeekValue], minimum: int) -> Baseline | None:
    """The last eight weeks that are settled and rest on enough cases; nothing where there are fewer than four."""
    telling = settled_weeks(weeks, minimum)[-MOST_WEEKS:]
    values = [value for one in telling if (value := one.value) is not None]
    if len(values) < FEWEST_WEEKS:
        return None
    limits = natural_limits(values)
    return Baseline(tuple(telling), limits.mean, limits.swing)


def measure(before: Sequence[WeekValue], due: WeekValue, expected: Expected, minimum: int) -> Effect:
    """The effect in the due week against the weeks before, in their order; a function of nothing else.

    As long as the due week can change, weeks before it can too, so that no baseline is stated yet.
    """
    baseline = baseline_of(before, minimum) if due.maturity == MATURE else None
    hoped = expected.of(baseline.mean) if baseline else None
    return Effect(_state(due, baseline, hoped, minimum), due, baseline, hoped)


def _state(due: WeekValue, baseline: Baseline | None, hoped: float | None, minimum: int) -> str:
    if due.maturity != MATURE:
        return due.maturity
    if due.value is None:
        return "nothing"
    if due.is_few(minimum):
        return "few"
    if baseline is None:
        return "short"
    return MEASURED if hoped else "zero"
