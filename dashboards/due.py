"""What targets ask of any range of days (U2, A6): months whole, parts of months by what their weekdays usually hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from dashboards.pacing import month_of, usual_weekdays

if TYPE_CHECKING:
    from dashboards.metrics import Metrics

TARGETS = "select metric, max(target) as target from marts.fct_targets where month = ? group by metric order by metric"
Days = Sequence[dt.date]


def due(metrics: Metrics, names: Sequence[str], start: dt.date, end: dt.date) -> dict[str, float | None]:
    """Return what the months' targets ask of each metric over the days from `start` to `end`.

    Amounts that add up over days: a month's target for the whole of it; for a part, what its weekdays hold of it, as
    they were over the eight weeks up to `end`, so that a month's due is that of its pace. Ratios: the months' targets,
    each weighed by its days. Nothing where a month has no target, and of what neither adds up nor is a ratio (distinct
    persons) over other days than one whole month.
    """
    months = _months(start, end)
    targets = {month[0]: dict(metrics.rows(TARGETS, [month[0]]).iter_rows()) for month, _ in months}
    aimed = [name for name in names if all(name in targets[month[0]] for month, _ in months)]
    if not aimed:
        return dict.fromkeys(names)
    if len(months) == 1 and months[0][0] == months[0][1]:
        return {name: float(targets[start][name]) if name in aimed else None for name in names}
    usual = usual_weekdays(metrics, aimed, end)
    catalogue = metrics.catalogue()
    asked: dict[str, float | None] = dict.fromkeys(names)
    for name in aimed:
        goals = [(float(targets[month[0]][name]), month, days) for month, days in months]
        if name in usual:
            asked[name] = sum(goal * _share(usual[name], month, days) for goal, month, days in goals)
        elif catalogue[name].kind == "ratio":
            asked[name] = sum(goal * len(days) for goal, _, days in goals) / sum(len(days) for _, days in months)
    return asked


def _months(start: dt.date, end: dt.date) -> list[tuple[Days, Days]]:
    """The days of each month that a range touches, and those of them that lie in the range."""
    found: list[tuple[Days, Days]] = []
    first = start.replace(day=1)
    while first <= end:
        last = month_of(first, first).last
        days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        found.append((days, [day for day in days if start <= day <= end]))
        first = last + dt.timedelta(days=1)
    return found


def _share(usual: Mapping[int, float], month: Days, days: Days) -> float:
    """The part of a month that some of its days hold if each weighs what its weekday usually does."""
    whole = sum(usual[day.weekday()] for day in month)
    return sum(usual[day.weekday()] for day in days) / whole if whole > 0 else len(days) / len(month)
