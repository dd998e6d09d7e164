"""How charts write numbers and days: in the reader's language, short enough for an axis."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import altair as alt
import polars as pl

from dashboards.components.desk import Desk

_TICKS = 7
_SHORT = {
    "en": "replace(replace(format(datum.value, '~s'), 'G', 'B'), 'k', 'K')",
    "zh": (
        "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, '.3~r') + '亿' : "
        "abs(datum.value) >= 1e4 ? format(datum.value / 1e4, '.3~r') + '万' : format(datum.value, ',~r')"
    ),
}
_DAYS = {
    ("en", "day"): "timeFormat(datum.value, '%-d %b')",
    ("en", "week"): "timeFormat(datum.value, '%-d %b')",
    ("en", "month"): "timeFormat(datum.value, '%b %Y')",
    ("zh", "day"): "timeFormat(datum.value, '%-m月%-d日')",
    ("zh", "week"): "timeFormat(datum.value, '%-m月%-d日')",
    ("zh", "month"): "timeFormat(datum.value, '%Y年%-m月')",
}


def number_axis(desk: Desk, unit: str, **options: Any) -> alt.Axis:
    """Return an axis for values of a unit: per cent for rates, K and M, or 万 and 亿, for large numbers."""
    options = {"title": None, "tickCount": 5} | options
    if unit == "rate":
        return alt.Axis(format="~%", **options)
    return alt.Axis(labelExpr=_SHORT[desk.t.lang], **options)


def time_axis(desk: Desk, grain: str, periods: pl.Series) -> alt.Axis:
    """Return an axis of days, weeks (by their first day) or months, with its ticks on the periods themselves."""
    days = sorted(set(periods.to_list()))
    ticks = [day for at, day in enumerate(reversed(days)) if at % (-(-len(days) // _TICKS) or 1) == 0]
    values = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in ticks]
    return alt.Axis(title=None, labelExpr=_DAYS[desk.t.lang, grain], values=values, labelOverlap=True)


def plain(frame: pl.DataFrame) -> alt.Data:
    """Return rows that Vega reads alike in every time zone: days as local midnights, decimals as numbers."""
    # A tuple, which Altair does not copy anew for each layer.
    rows = tuple({key: _plain(value) for key, value in row.items()} for row in frame.iter_rows(named=True))
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def _plain(value: object) -> object:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return f"{value.isoformat()}T00:00:00"
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return float(value) if isinstance(value, Decimal) else str(value)


def with_shown(desk: Desk, frame: pl.DataFrame, metric: str) -> pl.DataFrame:
    """Return the frame with the metric written out for a tooltip, as the figures write it."""
    shown = [desk.show(metric, None if value is None else float(value)) for value in frame[metric]]
    return frame.with_columns(pl.Series("shown", shown, dtype=pl.String))


def with_period_text(desk: Desk, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with its period written out for a tooltip."""
    return frame.with_columns(pl.Series("period_text", [desk.t.date(day) for day in frame["period"]], dtype=pl.String))
