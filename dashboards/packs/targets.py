"""What the targets of months come to in any span of days: shared out where amounts add up, else the months' own."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping

from dashboards.packs.desk import Desk

Months = Mapping[dt.date, float]


class Targets:
    """The targets of every month, read once."""

    def __init__(self, desk: Desk) -> None:
        found = desk.metrics.rows("select month, metric, cast(target as double) as target from work.marts.fct_targets")
        self._months: dict[str, dict[dt.date, float]] = {}
        for month, metric, target in found.select("month", "metric", "target").iter_rows():
            self._months.setdefault(metric, {})[month] = float(target)
        self._catalogue = desk.catalogue

    def of(self, metric: str, start: dt.date, end: dt.date) -> float | None:
        """A metric's target for the days from start to end; nothing where a month of them has none."""
        definition = self._catalogue[metric]
        return target_of(self._months.get(metric, {}), start, end, definition.kind != "ratio")


def target_of(months: Months, start: dt.date, end: dt.date, adds_up: bool) -> float | None:
    """The months' shares by days for what adds up; for a rate or an average their mean, weighed by days."""
    days = [start + dt.timedelta(days=number) for number in range((end - start).days + 1)]
    counted: dict[dt.date, int] = {}
    for day in days:
        counted[day.replace(day=1)] = counted.get(day.replace(day=1), 0) + 1
    if any(month not in months for month in counted):
        return None
    if adds_up:
        return sum(months[one] * n / calendar.monthrange(one.year, one.month)[1] for one, n in counted.items())
    return sum(months[one] * n for one, n in counted.items()) / len(days)
