"""Targets beside actuals (A6): how far the month is, how far it should be, and where it ends at this pace."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from dashboards.metrics import MetricDefinition, Metrics

# The days that tell a weekday's usual value, up to the last whole day; fewer than two weeks tell nothing.
BASELINE_DAYS = 56
FEWEST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Pace:
    """One metric of a month: its target, and the share of it due by the last whole day, against what there is.

    `forecast` is the actual so far plus, for each day to come, the mean of its weekday over the last eight weeks; of a
    ratio it is the forecast numerator over the forecast denominator. It is nothing where days do not add up to the
    month (distinct persons over days, scores, medians), or where less than two weeks are known.
    """

    metric: str
    target: float
    due: float | None
    actual: float | None
    forecast: float | None
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class Month:
    """A month of which days up to `last_day` are whole; that is the day before its first where none is yet."""

    first: dt.date
    last: dt.date
    last_day: dt.date

    @property
    def to_come(self) -> list[dt.date]:
        """Days that are not over."""
        return [self.last_day + dt.timedelta(days=n) for n in range(1, (self.last - self.last_day).days + 1)]

    @property
    def over(self) -> list[dt.date]:
        """Days that are over."""
        return [self.first + dt.timedelta(days=n) for n in range((self.last_day - self.first).days + 1)]


def month_of(day: dt.date, last_whole_day: dt.date) -> Month:
    """Return the month that holds a day, as far as its days are whole."""
    first = day.replace(day=1)
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return Month(first, last, max(min(last, last_whole_day), first - dt.timedelta(days=1)))


def pacing(metrics: Metrics, targets: Mapping[str, float], month: Month) -> list[Pace]:
    """Return the pace of every metric that has a target, in the order given; unknown metrics are left out."""
    catalogue = metrics.catalogue()
    parts = {name: _parts(catalogue[name]) for name in targets if name in catalogue}
    asked = [part for part in dict.fromkeys([*parts, *chain(*parts.values())]) if part in catalogue]
    if not asked:
        return []
    figures = _Figures.ask(metrics, asked, month)
    return [_pace(name, targets[name], parts[name], figures, month) for name in parts]


def rounded(unit: str, value: float | None) -> float | None:
    """A target or forecast as it is shown: of counts, a whole number."""
    return float(round(value)) if value is not None and unit == "count" else value


def _parts(definition: MetricDefinition) -> tuple[str, ...]:
    """Numerator and denominator of a ratio; nothing for what is none."""
    return tuple(definition.formula.split(" / ")) if definition.kind == "ratio" else ()


@dataclass(frozen=True, slots=True)
class _Figures:
    """Each metric's value in the month so far, and the mean of each weekday where days add up to their sum."""

    actual: Mapping[str, float | None]
    usual: Mapping[str, Mapping[int, float]]

    @classmethod
    def ask(cls, metrics: Metrics, names: Sequence[str], month: Month) -> _Figures:
        """Read all metrics at once: the month so far, the days of the baseline, and the baseline whole."""
        actual = _values(metrics, names, month.first, month.last_day) if month.over else dict.fromkeys(names)
        return cls(actual, usual_weekdays(metrics, names, month.last_day))

    def forecast(self, name: str, month: Month) -> float | None:
        """The value of the whole month, days to come at their weekday's mean; nothing where that means nothing."""
        if name not in self.usual:
            return None
        return (self.actual[name] or 0.0) + sum(self.usual[name][day.weekday()] for day in month.to_come)


def usual_weekdays(metrics: Metrics, names: Sequence[str], last_day: dt.date) -> dict[str, dict[int, float]]:
    """Return each weekday's mean over the eight weeks up to a day, of those metrics whose days add up to their sum."""
    start = last_day - dt.timedelta(days=BASELINE_DAYS - 1)
    daily = metrics.query(names, grain="day", start=start, end=last_day)
    whole = _values(metrics, names, start, last_day)
    usual = {name: _usual(daily, name, whole[name], last_day) for name in names}
    return {name: means for name, means in usual.items() if means}


def _pace(name: str, target: float, parts: Sequence[str], figures: _Figures, month: Month) -> Pace:
    if parts:
        above, below = (figures.forecast(part, month) for part in parts)
        forecast = above / below if above is not None and below else None
        return Pace(name, target, target, figures.actual[name], forecast, month.last_day)
    due = _due(target, figures.usual[name], month) if name in figures.usual else None
    return Pace(name, target, due, figures.actual[name], figures.forecast(name, month), month.last_day)


def _due(target: float, usual: Mapping[int, float], month: Month) -> float:
    """The part of a target that days over would hold if each day weighed what its weekday usually does."""
    whole = sum(usual[day.weekday()] for day in (*month.over, *month.to_come))
    if whole <= 0:
        return target * len(month.over) / (len(month.over) + len(month.to_come))
    return target * sum(usual[day.weekday()] for day in month.over) / whole


def _values(metrics: Metrics, names: Sequence[str], start: dt.date, end: dt.date) -> dict[str, float | None]:
    frame = metrics.query(names, start=start, end=end)
    row = frame.row(0, named=True) if frame.height else {}
    return {name: None if row.get(name) is None else float(row[name]) for name in names}


def _usual(daily: pl.DataFrame, name: str, whole: float | None, last_day: dt.date) -> dict[int, float]:
    """The mean of each weekday from the first day known; nothing where days do not add up or are too few."""
    frame = daily.select("period", name).drop_nulls()
    if frame.height == 0 or whole is None or not math.isclose(float(frame[name].sum()), whole, rel_tol=1e-6):
        return {}
    known = dict(zip(frame["period"], map(float, frame[name]), strict=True))
    days = [last_day - dt.timedelta(days=n) for n in range((last_day - min(known)).days + 1)]
    if len(days) < FEWEST_DAYS:
        return {}
    by_weekday: dict[int, list[float]] = {}
    for day in days:
        by_weekday.setdefault(day.weekday(), []).append(known.get(day, 0.0))
    return {weekday: sum(values) / len(values) for weekday, values in by_weekday.items()}
