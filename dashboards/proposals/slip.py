"""Whether a metric has slipped: the mean of its last eight settled weeks beside the half year before them.

These eight weeks are the baseline that an action added now would be measured against (W4), so what a proposal expects
is what the ledger will measure. A mean of n values swings by a single value's swing over the root of n (Wheeler's
limits for averages of a process in control).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.actions.effect import MOST_WEEKS, WeekValue, settled_weeks
from dashboards.limits import Limits, natural_limits

EARLIER_WEEKS, FEWEST_EARLIER = 26, 8


@dataclass(frozen=True, slots=True)
class Slip:
    """The last eight settled weeks and those before, each as one number; `earlier` has the swing of a single week."""

    recent: float
    earlier: Limits
    weeks: tuple[WeekValue, ...]
    earlier_weeks: int

    @property
    def limits(self) -> Limits:
        """How far a mean of so many weeks lies from the earlier mean by itself."""
        return Limits(self.earlier.mean, self.earlier.swing / math.sqrt(len(self.weeks)))

    @property
    def change(self) -> float:
        """What bringing it back would change each week, in the metric's own unit."""
        return self.earlier.mean - self.recent

    @property
    def interval(self) -> tuple[float, float]:
        """The change less and plus what a single week swings by itself."""
        return self.change - self.earlier.swing, self.change + self.earlier.swing

    def is_bad(self, good_direction: str) -> bool:
        """Whether it moved beyond the limits, away from the good direction."""
        away = {"up": self.change > 0, "down": self.change < 0}.get(good_direction, False)
        return away and self.limits.is_signal(self.recent)


def slip_of(weeks: Sequence[WeekValue], minimum: int) -> Slip | None:
    """The last eight settled weeks beside up to 26 before them; nothing where fewer than eight are before."""
    telling = settled_weeks(weeks, minimum)[-(MOST_WEEKS + EARLIER_WEEKS) :]
    values = [value for one in telling if (value := one.value) is not None]
    if len(values) < MOST_WEEKS + FEWEST_EARLIER:
        return None
    recent, earlier = values[-MOST_WEEKS:], values[:-MOST_WEEKS]
    mean = math.fsum(recent) / len(recent)
    return Slip(mean, natural_limits(earlier), tuple(telling[-MOST_WEEKS:]), len(earlier))
