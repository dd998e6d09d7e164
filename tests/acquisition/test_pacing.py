"""Targets beside actuals: the share due by now, and where the month ends at this pace (A6)."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.metrics import Metrics
from dashboards.pacing import Pace, month_of, pacing

FIRST = dt.date(2026, 6, 1)
KINDS = {"spend": "simple", "customers": "simple", "cost": "ratio", "visitors": "simple"}


class Series:
    """A metrics layer of daily series: spend and customers add up, visitors do not, cost is their ratio."""

    def __init__(self, daily: Callable[[str, dt.date], float | None]) -> None:
        self.daily = daily

    def catalogue(self) -> dict[str, Any]:
        """Return the definitions, as far as pacing reads them."""
        return {name: SimpleNamespace(kind=kind, formula="spend / customers") for name, kind in KINDS.items()}

    def query(self, names: Sequence[str], *, start: dt.date, end: dt.date, grain: str | None = None) -> pl.DataFrame:
        """Return one row per day, or one for all of them."""
        days = [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]
        if grain:
            return pl.DataFrame(
                {"period": days} | {name: [self._of(name, [day]) for day in days] for name in names},
                schema={"period": pl.Date} | dict.fromkeys(names, pl.Float64),
            )
        return pl.DataFrame({name: [self._of(name, days)] for name in names}, schema=dict.fromkeys(names, pl.Float64))

    def _of(self, name: str, days: Sequence[dt.date]) -> float | None:
        if name == "cost":
            above, below = self._of("spend", days), self._of("customers", days)
            return above / below if above is not None and below else None
        values = [value for day in days if (value := self.daily(name, day)) is not None]
        total = sum(values) if values else None
        return total if name != "visitors" or total is None else total - (len(days) - 1)


def _pace(daily: Callable[[str, dt.date], float | None], name: str, last_day: dt.date, target: float = 300.0) -> Pace:
    (found,) = pacing(cast(Metrics, Series(daily)), {name: target, "unknown": 1.0}, month_of(FIRST, last_day))
    return found


@settings(deadline=None)
@given(st.integers(0, 29), st.lists(st.integers(0, 99), min_size=7, max_size=7))
def test_a_series_that_repeats_by_weekday_is_forecast_exactly(day: int, week: list[int]) -> None:
    """A6: days to come are their weekday's mean over eight weeks, so a weekly rhythm ends where it always does."""
    last_day = FIRST + dt.timedelta(days=day)
    pace = _pace(lambda _, d: float(week[d.weekday()]), "spend", last_day)
    whole = sum(week[(FIRST + dt.timedelta(days=n)).weekday()] for n in range(30))
    over = sum(week[(FIRST + dt.timedelta(days=n)).weekday()] for n in range(day + 1))
    assert pace.forecast == pytest.approx(whole)
    assert pace.actual == over
    assert pace.due == pytest.approx(300 * over / whole if whole else 300 * (day + 1) / 30)


def test_only_the_last_eight_weeks_tell_the_usual() -> None:
    """A6: what was before them says nothing of the days to come."""
    last_day = dt.date(2026, 6, 10)
    old = last_day - dt.timedelta(weeks=8)
    pace = _pace(lambda _, day: 1000.0 if day <= old else 2.0, "spend", last_day)
    assert (pace.actual, pace.forecast) == (20, 60)


def test_a_ratio_is_forecast_from_its_parts_and_its_target_is_due_whole() -> None:
    """A6, X9: the forecast cost is forecast spend over forecast customers, no mean of daily costs."""

    def daily(name: str, day: dt.date) -> float:
        late = day > dt.date(2026, 6, 3)
        return {"spend": 10.0 if late else 5.0, "customers": 1.0 if late else 5.0}[name]

    pace = _pace(daily, "cost", dt.date(2026, 6, 15), target=4.0)
    spend, customers = (_pace(daily, name, dt.date(2026, 6, 15)).forecast for name in ("spend", "customers"))
    assert spend is not None
    assert customers is not None
    assert pace.forecast == pytest.approx(spend / customers)
    assert (pace.due, pace.actual) == (4.0, pytest.approx(135 / 27))


def test_what_days_do_not_add_up_to_or_what_is_new_is_not_forecast() -> None:
    """A6: distinct persons over days, and less than two weeks of history, have an actual and no more."""
    last_day = dt.date(2026, 6, 10)
    distinct = _pace(lambda _, day: 5.0, "visitors", last_day)
    assert (distinct.due, distinct.forecast, distinct.actual) == (None, None, 41)
    new = _pace(lambda _, day: 5.0 if day > last_day - dt.timedelta(days=13) else None, "spend", last_day)
    assert (new.due, new.forecast, new.actual) == (None, None, 50)
    known = _pace(lambda _, day: 5.0 if day > last_day - dt.timedelta(days=14) else None, "spend", last_day)
    assert (known.forecast, known.actual) == (150, 50)


def test_before_the_first_day_is_over_the_month_is_all_forecast_and_afterwards_all_actual() -> None:
    """A6: the ends of a month."""
    before = _pace(lambda _, day: 2.0, "spend", dt.date(2026, 5, 31))
    assert (before.actual, before.due, before.forecast) == (None, 0, 60)
    after = _pace(lambda _, day: 2.0, "spend", dt.date(2026, 7, 9))
    assert (after.actual, after.due, after.forecast) == (60, 300, 60)
    assert after.last_day == dt.date(2026, 6, calendar.monthrange(2026, 6)[1])
