"""How much a metric changes without a cause, told by its own weeks: Wheeler's limit for moving ranges (XmR)."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from statistics import fmean, median

# Wheeler, Understanding Variation: from one point to the next a process in control moves less than 3.865 times its
# median moving range. The median, unlike the mean, is not moved by the promotions among the weeks.
_LIMIT = 3.865
# At least so many weeks up to the end of the later period are looked at, and so many known ones tell something.
WEEKS = 26
FEWEST = 8


def usual_change(weeks: Sequence[float], before_days: int, after_days: int) -> float | None:
    """The relative change between two periods of so many days that needs no cause, given a metric's weeks in order.

    Longer periods move less, as means of more weeks do. Nothing where fewer than eight weeks are known, or their mean
    is nothing.
    """
    if len(weeks) < FEWEST or not fmean(weeks):
        return None
    spread = median(abs(after - before) for before, after in itertools.pairwise(weeks))
    return _LIMIT * spread * math.sqrt((7 / before_days + 7 / after_days) / 2) / abs(fmean(weeks))


def signal(weeks: Sequence[float], before: tuple[float, int], after: tuple[float, int]) -> float | None:
    """A change as a multiple of the usual one: above one it has a cause; each side is a value and its days.

    Nothing where too few weeks tell, and infinite where the weeks never move.
    """
    usual = usual_change(weeks, before[1], after[1])
    change, level = abs(after[0] - before[0]), abs(before[0] + after[0]) / 2
    if usual is None or not change:
        return None if usual is None else 0.0
    return change / (usual * level) if usual * level else math.inf


def history(before: tuple[dt.date, dt.date], after: tuple[dt.date, dt.date]) -> tuple[dt.date, dt.date]:
    """The days whose weeks tell what is usual: both periods, and at least half a year up to the later one's end."""
    return min(before[0], after[1] - dt.timedelta(days=7 * WEEKS - 1)), after[1]
