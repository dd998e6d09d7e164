"""How much a metric changes without a cause, told by its own weeks (Wheeler's XmR: natural process limits)."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from statistics import fmean

# A moving range of two points is on average 1.128 standard deviations; beyond three of these is a signal.
_SIGMAS = 3 / 1.128
# At least so many weeks up to the end of the later period are looked at, and so many known ones tell something.
WEEKS = 26
FEWEST = 8


def usual_change(weeks: Sequence[float], before_days: int, after_days: int) -> float | None:
    """The relative change between two periods of so many days that chance explains, given a metric's weeks in order.

    Three standard deviations of the difference of two means, a week's own being told by the mean moving range. Nothing
    where fewer than eight weeks are known, or their mean is nothing.
    """
    if len(weeks) < FEWEST or not fmean(weeks):
        return None
    spread = fmean(abs(after - before) for before, after in itertools.pairwise(weeks))
    return _SIGMAS * spread * math.sqrt(7 / before_days + 7 / after_days) / abs(fmean(weeks))


def signal(weeks: Sequence[float], before: tuple[float, int], after: tuple[float, int]) -> float | None:
    """A change as a multiple of what chance explains: above one it has a cause; each side is a value and its days."""
    usual = usual_change(weeks, before[1], after[1])
    level = abs(before[0] + after[0]) / 2
    return abs(after[0] - before[0]) / (usual * level) if usual and level else None


def history(before: tuple[dt.date, dt.date], after: tuple[dt.date, dt.date]) -> tuple[dt.date, dt.date]:
    """The days whose weeks tell what is usual: both periods, and at least half a year up to the later one's end."""
    return min(before[0], after[1] - dt.timedelta(days=7 * WEEKS - 1)), after[1]
