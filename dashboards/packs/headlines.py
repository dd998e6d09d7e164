"""The headline numbers: this week beside last week, the same week last year, and target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboards.due import due
from dashboards.packs import charts
from dashboards.packs.business import Reviewed
from dashboards.packs.cells import GOOD, change_between, change_unit, tone
from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_CHANGE, BY_ROW, Column, Section, Table, Tile

# Input metrics come before output metrics, and the order is the same each week (W6).
HEADLINES = (
    "search_impressions", "social_reach", "ad_impressions", "sessions", "messages_sent", "ad_spend",
    "engaged_session_rate", "conversion_rate", "message_click_rate", "leads", "new_customers",
    "orders", "revenue_net", "average_order_value", "repeat_rate", "customer_acquisition_cost",
    "marketing_efficiency_ratio", "net_promoter_score", "satisfaction_mean",
)  # fmt: skip
ANSWER = ("revenue_net", "orders", "new_customers", "leads")
TILES = (
    "revenue_net", "orders", "new_customers", "customer_acquisition_cost", "sessions", "conversion_rate", "leads",
    "average_order_value", "satisfaction_mean", "ad_spend",
)  # fmt: skip
TILES_SHOWN = 6
SPARK_WEEKS = 12


def headlines(desk: Desk) -> pl.DataFrame:
    """One row per headline metric that has a value this week or had one in a week it is compared with."""
    names = desk.known(HEADLINES)
    asked = list(dict.fromkeys([*names, *filter(None, map(desk.base_of, names))]))
    weeks = [desk.week, desk.week.earlier(1, desk.workspace), desk.week.earlier(52, desk.workspace)]
    values = [desk.week_of_metrics(asked, week) for week in weeks]
    targets = due(desk.metrics, names, desk.week.start, desk.week.end)
    rows = [_row(desk, name, *values) for name in names if any(week[name] for week in values)]
    return pl.DataFrame([{**row, "target": targets[row["metric"]]} for row in rows], schema=_SCHEMA)


_NUMBERS = ("this_week", "last_week", "change", "last_year", "change_year", "target", "of", "of_last_week")
_SCHEMA = {
    "metric": pl.String,
    "label": pl.String,
    **dict.fromkeys((*_NUMBERS, "of_last_year", "_of_change", "_of_year"), pl.Float64),
    "maturity": pl.String,
    "owner": pl.String,
    BY_ROW: pl.String,
    GOOD: pl.String,
}
_Values = dict[str, float | None]


def _row(desk: Desk, name: str, now: _Values, before: _Values, year: _Values) -> dict[str, Any]:
    metric, base = desk.catalogue[name], desk.base_of(name) or ""
    maturity = desk.maturity(name)
    counts = [week.get(base) for week in (now, before, year)]
    return {
        "metric": name,
        "label": desk.label(name),
        "this_week": now[name],
        "last_week": before[name],
        "change": change_between(metric.unit, now[name], before[name]),
        "last_year": year[name],
        "change_year": change_between(metric.unit, now[name], year[name]),
        "of": counts[0],
        "of_last_week": counts[1],
        "of_last_year": counts[2],
        "_of_change": _least(counts[:2]),
        "_of_year": _least([counts[0], counts[2]]),
        "maturity": maturity,
        "owner": desk.value("owner", metric.owner),
        BY_ROW: metric.unit,
        # A number that can still change is not called good or bad (X5).
        GOOD: metric.good_direction if maturity == "mature" else "none",
    }


def _least(counts: list[float | None]) -> float | None:
    return min((count for count in counts if count is not None), default=None)


def section(desk: Desk, frame: pl.DataFrame) -> Section:
    """The section of headline numbers."""
    columns = (
        Column("label", desk.say("metric")),
        Column("this_week", desk.say("this_week"), BY_ROW, "of", is_base_shown=True),
        Column("last_week", desk.say("last_week"), BY_ROW, "of_last_week"),
        Column("change", desk.say("change"), BY_CHANGE, "_of_change"),
        Column("last_year", desk.say("last_year"), BY_ROW, "of_last_year"),
        Column("change_year", desk.say("change_year"), BY_CHANGE, "_of_year"),
        Column("target", desk.say("target"), BY_ROW),
        Column("owner", desk.say("owner")),
    )
    table = Table("headlines", desk.say("headlines_table"), columns, frame, desk.say("headlines_note"))
    said = desk.say("headlines_answer", count=frame.height) if frame.height else desk.say("answer_none")
    return Section("headlines", desk.say("headlines"), said, (table,))


def unsettled_note(desk: Desk, frame: pl.DataFrame) -> str:
    """What the mark of a number that can still change means, where one is marked (X5)."""
    if "partial" in set(frame["maturity"]):
        return desk.say("partial_note", day=desk.day(desk.week.end))
    if "late" in set(frame["maturity"]):
        return desk.say("late_note", day=desk.day(desk.week.end))
    return desk.say("unsettled_note") if "maturing" in set(frame["maturity"]) else ""


def is_alive(row: dict[str, Any]) -> bool:
    """Whether a metric is known this week and is not a plain zero for the second week running, as where data ended."""
    return row["this_week"] is not None and bool(row["this_week"] or row["last_week"])


def reading_key(desk: Desk, frame: pl.DataFrame) -> str:
    """What the marks of the whole pack mean: what can still change (X5), and what rests on few cases (X9)."""
    return " ".join(filter(None, (unsettled_note(desk, frame), desk.say("few_note", minimum=desk.minimum))))


def answer(desk: Desk, frame: pl.DataFrame, reviewed: Sequence[Reviewed]) -> str:
    """The week in up to three sentences: what it brought, what left its limits, how the month stands to target."""
    said = _brought(desk, frame)
    if not reviewed:
        return said
    beyond = [desk.label(one.metric) for one in reviewed if one.is_signal]
    names = desk.translator.listing(beyond)
    limits = desk.say("answer_signals", names=names) if beyond else desk.say("answer_noise")
    return desk.say("sentences").join(filter(None, (said, limits, _on_target(desk, reviewed))))


def _on_target(desk: Desk, reviewed: Sequence[Reviewed]) -> str:
    """How the first of the answer's metrics that has one stands to its target of the month so far."""
    by_metric = {one.metric: one.to_date[0] for one in reviewed}
    for name in ANSWER:
        month = by_metric.get(name)
        if month is not None and month.value is not None and month.target:
            unit, ahead = desk.catalogue[name].unit, month.value / month.target - 1
            return desk.say(
                "answer_target",
                label=desk.label(name),
                value=desk.show(month.value, unit),
                change=desk.show(ahead, "change"),
                target=desk.show(month.target, unit),
            )
    return ""


def _brought(desk: Desk, frame: pl.DataFrame) -> str:
    rows = {row["metric"]: row for row in frame.to_dicts()}
    parts = []
    for name in ANSWER:
        row = rows.get(name)
        if row is None or not is_alive(row):
            continue
        value = desk.show(row["this_week"], row[BY_ROW])
        if row["change"] is None:
            parts.append(desk.say("answer_plain", label=row["label"], value=value))
        else:
            change = desk.show(row["change"], "change")
            parts.append(desk.say("answer_value", label=row["label"], value=value, change=change))
    if not parts:
        return desk.say("answer_none")
    return desk.say("answer_stop", parts=desk.say("answer_between").join(parts))


def tiles(desk: Desk, frame: pl.DataFrame, weekly: pl.DataFrame) -> tuple[Tile, ...]:
    """The numbers of the cover, in a fixed order, those that the company has."""
    rows = {row["metric"]: row for row in frame.to_dicts() if is_alive(row)}
    return tuple(_tile(desk, rows[name], weekly) for name in TILES if name in rows)[:TILES_SHOWN]


def _tile(desk: Desk, row: dict[str, Any], weekly: pl.DataFrame) -> Tile:
    unit = change_unit(row[BY_ROW])
    few = row["_of_change"] is not None and row["_of_change"] < desk.minimum
    mark = desk.say("unsettled_mark") if row["maturity"] != "mature" else ""
    change = "" if row["change"] is None else desk.say("tile_change", change=desk.show(row["change"], unit))
    more = [
        desk.say(key, value=desk.show(value, shown))
        for key, value, shown in (("tile_year", row["change_year"], unit), ("tile_target", row["target"], row[BY_ROW]))
        if value is not None
    ]
    values = [float(value) for value in weekly[row["metric"]].drop_nulls()] if row["metric"] in weekly.columns else []
    good = "" if few else tone(row[GOOD], row["change"])
    label = f"{row['label']} {mark}".strip()
    return Tile(label, desk.show(row["this_week"], row[BY_ROW]), change, good, " · ".join(more), charts.spark(values))


def weekly(desk: Desk, frame: pl.DataFrame) -> pl.DataFrame:
    """The last twelve weeks of the cover's metrics, one row per week."""
    present = [name for name in TILES if name in set(frame["metric"])]
    return desk.weekly(present, SPARK_WEEKS) if present else pl.DataFrame()
