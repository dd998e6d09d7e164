"""Tables that several sections share: metrics by a dimension, and a few figures beside last week's."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from dashboards.packs import charts
from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_ROW, Column, Table

BARS = 12


def dimension_table(desk: Desk, name: str, title: str, dimension: str, metrics: Sequence[str], bar: str) -> Table:
    """This week's metrics for each value of a dimension, the largest first, with bars for one of them."""
    shown = [metric for metric in desk.known(metrics) if dimension in desk.catalogue[metric].dimensions]
    bases = [base for metric in shown if (base := desk.base_of(metric)) is not None]
    frame = desk.by(list(dict.fromkeys([*shown, *bases])), dimension)
    if frame.is_empty():
        return Table(name, title, (), frame)
    frame = frame.sort(bar, dimension, descending=[True, False], nulls_last=True)
    frame = frame.with_columns(named(desk, frame, dimension))
    columns = [_column(desk, metric, frame, bases, shown) for metric in shown]
    heading = Column(dimension, desk.say(dimension))
    return Table(name, title, (heading, *columns), frame, charts=bars(desk, frame, dimension, bar))


def named(desk: Desk, frame: pl.DataFrame, dimension: str) -> pl.Series:
    """A dimension's values in the reader's words."""
    return pl.Series(dimension, [desk.value(dimension, value) for value in frame[dimension]], dtype=pl.String)


def bars(
    desk: Desk, frame: pl.DataFrame, name: str, metric: str, key: str = "", title: str = ""
) -> tuple[dict[str, object], ...]:
    """The largest values of a metric as bars; no chart where all is nothing."""
    top = frame.filter(pl.col(key or metric) > 0).head(BARS)
    if top.is_empty():
        return ()
    texts = [desk.show(value, desk.catalogue[metric].unit) for value in top[key or metric]]
    return (charts.bars(top, name, key or metric, texts, title or desk.label(metric)),)


def figures(desk: Desk, name: str, metrics: Sequence[str]) -> Table:
    """A few metrics, this week and last, one row each."""
    names = list(dict.fromkeys([*desk.known(metrics), *filter(None, map(desk.base_of, metrics))]))
    now, before = desk.week_of_metrics(names), desk.week_of_metrics(names, desk.week.earlier(1, desk.workspace))
    rows = [
        {
            "label": desk.label(metric),
            "this_week": now[metric],
            "last_week": before[metric],
            "of": now.get(desk.base_of(metric) or ""),
            "of_last_week": before.get(desk.base_of(metric) or ""),
            BY_ROW: desk.catalogue[metric].unit,
        }
        for metric in desk.known(metrics)
    ]
    numbers = dict.fromkeys(("this_week", "last_week", "of", "of_last_week"), pl.Float64)
    columns = (
        Column("label", desk.say("metric")),
        Column("this_week", desk.say("this_week"), BY_ROW, "of", is_base_shown=True),
        Column("last_week", desk.say("last_week"), BY_ROW, "of_last_week", is_base_shown=True),
    )
    frame = pl.DataFrame(rows, schema={"label": pl.String, **numbers, BY_ROW: pl.String})
    return Table(name, desk.say("figures"), columns, frame)


def _column(desk: Desk, metric: str, frame: pl.DataFrame, bases: list[str], shown: list[str]) -> Column:
    base = desk.base_of(metric) or ""
    unit = desk.catalogue[metric].unit
    if base not in frame.columns:
        return Column(metric, desk.label(metric), unit)
    return Column(metric, desk.label(metric), unit, base, is_base_shown=base in bases and base not in shown)
