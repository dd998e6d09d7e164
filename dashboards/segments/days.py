"""How far the days of a question move when it is asked again of a later snapshot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from opsloop.settings import WEEKDAYS


@dataclass(frozen=True, slots=True)
class Clock:
    """The last day known when a question was saved, the last day known now, and the first day of a week."""

    then: dt.date
    now: dt.date
    week_start: str = "monday"

    def moved(self, day: dt.date, grain: str = "day") -> dt.date:
        """Return the day as many days, whole weeks or whole months later as lie between then and now."""
        if grain == "day":
            return day + (self.now - self.then)
        if grain == "week":
            return day + (self._week(self.now) - self._week(self.then))
        months = _month(day) + _month(self.now) - _month(self.then)
        return dt.date(months // 12, months % 12 + 1, 1)

    def _week(self, day: dt.date) -> dt.date:
        return day - dt.timedelta(days=(day.weekday() - WEEKDAYS.index(self.week_start)) % 7)


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month - 1
