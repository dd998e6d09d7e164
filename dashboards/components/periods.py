"""Which periods of a series are settled, which can still change, which are not over or not all there (X5)."""

from __future__ import annotations

import calendar
import datetime as dt

import polars as pl

from dashboards.components.view import Span

MATURE, MATURING, PARTIAL, LATE = "mature", "maturing", "partial", "late"


def last_day_of(period: dt.date, grain: str) -> dt.date:
    """Return the last day of the period that begins on a day."""
    if grain == "week":
        return period + dt.timedelta(days=6)
    if grain == "month":
        return period.replace(day=calendar.monthrange(period.year, period.month)[1])
    return period


def state_of(
    period: dt.date, grain: str, span: Span, settled: dt.date, today: dt.date, arrived: dt.date = dt.date.max
) -> str:
    """Return whether a period is cut by the range or by today, lacks days to come, can still change, or is settled."""
    last = last_day_of(period, grain)
    if period < span.start or last > span.end or last > today:
        return PARTIAL
    if last > arrived:
        return LATE
    return MATURE if last <= settled else MATURING


def with_state(
    frame: pl.DataFrame, grain: str, span: Span, settled: dt.date, today: dt.date, arrived: dt.date = dt.date.max
) -> pl.DataFrame:
    """Return the series with a column `maturity`."""
    states = [state_of(period, grain, span, settled, today, arrived) for period in frame["period"]]
    return frame.with_columns(pl.Series("maturity", states, dtype=pl.String))
