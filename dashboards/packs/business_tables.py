"""The section of the weekly business review: a 6-12 chart and table for each headline metric (W6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboards.components.periods import MATURE
from dashboards.packs import six_twelve
from dashboards.packs.business import Point, Reviewed
from dashboards.packs.cells import change_between, change_unit, tone
from dashboards.packs.charts import week_name
from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_CHANGE, BY_ROW, SHOWN, Column, Section, Table

_SCALES = ((1e8, "millions"), (1e5, "thousands"))
_FACTORS = {"millions": 1e6, "thousands": 1e3, "": 1.0}


def section(desk: Desk, reviewed: Sequence[Reviewed]) -> Section:
    """The metrics that left their natural limits in the answer, then each metric in the same order each week."""
    title = desk.say("business")
    if not reviewed:
        return Section("business", title, "", (), desk.say("answer_none"))
    beyond = [desk.label(one.metric) for one in reviewed if one.is_signal]
    names = desk.translator.listing(beyond)
    answer = desk.say("business_signals", count=len(beyond), names=names) if beyond else desk.say("business_noise")
    tables = (*[_read(desk, one) for one in reviewed], _periods(desk, reviewed), _to_date(desk, reviewed))
    return Section("business", title, answer, tables, note=desk.say("business_note"))


def _read(desk: Desk, one: Reviewed) -> Table:
    """One metric's chart and table as a reader meets them."""
    definition = desk.catalogue[one.metric]
    scale, unit = _scale(one, definition.unit), definition.unit
    factor = _FACTORS[scale]
    frame = _rows(desk, one, unit, factor)
    title = desk.say(f"business_in_{scale}", label=desk.label(one.metric)) if scale else desk.label(one.metric)
    return Table(
        f"business_{one.metric}",
        title,
        (Column("row", ""), *_headings(desk, one, [name for name in frame.columns if name.startswith("p")])),
        frame,
        charts=(six_twelve.svg(one, lambda tick: desk.tick(tick / factor, unit)),),
        show="read",
        is_dense=True,
        aside=desk.value("owner", definition.owner),
        said=_said(desk, one),
        alert=_alert(desk, one),
        tone=_tone(definition.good_direction, one),
    )


def _rows(desk: Desk, one: Reviewed, unit: str, factor: float) -> pl.DataFrame:
    """This year, last year, the change, and the target where there is one; a column for each week and month."""
    points = [*one.weeks, *one.months]
    values = {
        "this_year": [point.value for point in points],
        "year_before": [point.last_year for point in points],
        "target": [point.target for point in points],
    }
    texts = {
        name: [desk.brief(None if value is None else value / factor, unit) for value in found]
        for name, found in values.items()
    }
    texts["change_year"] = [desk.brief(_on_year(unit, point), change_unit(unit)) for point in points]
    order = ["this_year", "year_before", "change_year", *(["target"] if any(values["target"]) else [])]
    keys = [f"p{at}" for at in range(len(points))]
    rows = [
        {"row": desk.say(name), **dict(zip(keys, texts[name], strict=True)), **_bases(keys, points, name)}
        for name in order
    ]
    kinds = {"row": pl.String, **dict.fromkeys(keys, pl.String), **{f"_of_{key}": pl.Float64 for key in keys}}
    return pl.DataFrame(rows, schema=kinds)


def _bases(keys: Sequence[str], points: Sequence[Point], row: str) -> dict[str, float | None]:
    """The cases behind each value of this year, so that a rate of few is greyed (X9)."""
    return {f"_of_{key}": point.base if row == "this_year" else None for key, point in zip(keys, points, strict=True)}


def _headings(desk: Desk, one: Reviewed, keys: Sequence[str]) -> list[Column]:
    weeks = desk.say("last_weeks", count=len(one.weeks))
    first, last = (desk.translator.month(point.start) for point in (one.months[0], one.months[-1]))
    months = desk.say("last_months", count=len(one.months), first=first, last=last)
    names = [week_name(point.start) for point in one.weeks]
    names += [desk.translator.month(point.start, year=False) for point in one.months]
    groups = [weeks] * len(one.weeks) + [months] * len(one.months)
    marks = [desk.mark(point.maturity) for point in (*one.weeks, *one.months)]
    return [
        Column(key, f"{name}{mark}", SHOWN, f"_of_{key}", group=group)
        for key, name, group, mark in zip(keys, names, groups, marks, strict=True)
    ]


def _scale(one: Reviewed, unit: str) -> str:
    """In what the numbers are written so that a month fits its column."""
    points = (*one.weeks, *one.months)
    values = [abs(value) for point in points for value in (point.value, point.last_year, point.target) if value]
    top = max(values, default=0.0) if unit in {"money", "count"} else 0.0
    return next((name for least, name in _SCALES if top >= least), "")


def _on_year(unit: str, point: Point) -> float | None:
    return change_between(unit, point.value, point.last_year)


def _said(desk: Desk, one: Reviewed) -> str:
    """The week with its changes, and each span to date with its change on year, in a line."""
    unit = desk.catalogue[one.metric].unit
    now, before = one.now, one.before
    week = [desk.say("business_week", value=desk.show(now.value, unit))]
    for key, earlier in (("on_week", before.value), ("on_year", now.last_year)):
        change = change_between(unit, now.value, earlier)
        week += [desk.say(key, change=desk.show(change, change_unit(unit)))] if change is not None else []
    spans = []
    for span in one.to_date:
        change = change_between(unit, span.value, span.last_year)
        behind = desk.say("in_brackets", text=desk.show(change, change_unit(unit))) if change is not None else ""
        spans.append(desk.say(f"{span.kind}_to_date", value=desk.show(span.value, unit)) + behind)
    comma = desk.say("business_comma")
    return desk.say("business_said", week=comma.join(week), spans=comma.join(spans))


def _alert(desk: Desk, one: Reviewed) -> str:
    """A sentence where the week left its natural limits, and nothing anywhere else."""
    if not one.is_signal or one.limits is None or one.now.value is None:
        return ""
    unit, is_above = desk.catalogue[one.metric].unit, one.now.value > one.limits.mean
    low, high = (desk.show(value, unit) for value in (one.limits.low, one.limits.high))
    said = desk.say(
        "business_above" if is_above else "business_below",
        value=desk.show(one.now.value, unit),
        limit=high if is_above else low,
        mean=desk.show(one.limits.mean, unit),
        weeks=one.limit_weeks,
    )
    return said + (desk.translator("why.preliminary") if one.now.maturity != MATURE else "")


def _tone(good_direction: str, one: Reviewed) -> str:
    """Whether a signal is good or bad; neither while the week can still change (X5)."""
    if not one.is_signal or one.limits is None or one.now.value is None or one.now.maturity != MATURE:
        return ""
    return tone(good_direction, one.now.value - one.limits.mean)


_NUMBERS = ("value", "of", "last_year", "change_year", "target", "mean", "low", "high")


def _periods(desk: Desk, reviewed: Sequence[Reviewed]) -> Table:
    """Every week and month of every metric with its limits, for the files."""
    rows: list[dict[str, Any]] = []
    for one in reviewed:
        for grain, points in (("week", one.weeks), ("month", one.months)):
            rows += [_period(desk, one, grain, point) for point in points]
    columns = (
        Column("label", desk.say("metric")),
        Column("period", desk.say("period")),
        Column("first_day", desk.say("first_day"), "date"),
        Column("last_day", desk.say("last_day"), "date"),
        Column("value", desk.say("value"), BY_ROW, "of"),
        Column("last_year", desk.say("year_before"), BY_ROW),
        Column("change_year", desk.say("change_year"), BY_CHANGE),
        Column("target", desk.say("target"), BY_ROW),
        Column("mean", desk.say("mean"), BY_ROW),
        Column("low", desk.say("limit_low"), BY_ROW),
        Column("high", desk.say("limit_high"), BY_ROW),
        Column("beyond", desk.say("beyond")),
    )
    texts = dict.fromkeys(("metric", "label", "period"), pl.String)
    days = dict.fromkeys(("first_day", "last_day"), pl.Date)
    rest = dict.fromkeys(("beyond", "maturity", BY_ROW), pl.String)
    frame = pl.DataFrame(rows, schema={**texts, **days, **dict.fromkeys(_NUMBERS, pl.Float64), **rest})
    return Table("business", desk.say("business_table"), columns, frame, show="file")


def _period(desk: Desk, one: Reviewed, grain: str, point: Point) -> dict[str, Any]:
    unit = desk.catalogue[one.metric].unit
    limits = one.limits if grain == "week" else None
    return {
        "metric": one.metric,
        "label": desk.label(one.metric),
        "period": desk.say(grain),
        "first_day": point.start,
        "last_day": point.end,
        "value": point.value,
        "of": point.base,
        "last_year": point.last_year,
        "change_year": _on_year(unit, point),
        "target": point.target,
        "mean": limits.mean if limits else None,
        "low": limits.low if limits else None,
        "high": limits.high if limits else None,
        "beyond": desk.say("yes") if grain == "week" and one.is_beyond(point) else "",
        "maturity": point.maturity,
        BY_ROW: unit,
    }


def _to_date(desk: Desk, reviewed: Sequence[Reviewed]) -> Table:
    """Month, quarter and year to date beside last year's same days, for the files."""
    rows: list[dict[str, Any]] = [
        {
            "metric": one.metric,
            "label": desk.label(one.metric),
            "period": desk.say(f"to_date_{span.kind}"),
            "first_day": span.start,
            "last_day": span.end,
            "value": span.value,
            "last_year": span.last_year,
            "change_year": change_between(desk.catalogue[one.metric].unit, span.value, span.last_year),
            "target": span.target,
            BY_ROW: desk.catalogue[one.metric].unit,
        }
        for one in reviewed
        for span in one.to_date
    ]
    columns = (
        Column("label", desk.say("metric")),
        Column("period", desk.say("period")),
        Column("first_day", desk.say("first_day"), "date"),
        Column("last_day", desk.say("last_day"), "date"),
        Column("value", desk.say("value"), BY_ROW),
        Column("last_year", desk.say("year_before"), BY_ROW),
        Column("change_year", desk.say("change_year"), BY_CHANGE),
        Column("target", desk.say("target"), BY_ROW),
    )
    numbers = dict.fromkeys(("value", "last_year", "change_year", "target"), pl.Float64)
    kinds: dict[str, Any] = {**numbers, "first_day": pl.Date, "last_day": pl.Date}
    frame = pl.DataFrame(rows, schema={name: kinds.get(name, pl.String) for name in rows[0]})
    return Table("to_date", desk.say("to_date_table"), columns, frame, show="file")
