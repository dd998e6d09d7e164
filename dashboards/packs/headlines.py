"""The headline numbers: this week beside last week, the same week last year, and target."""

from __future__ import annotations

import calendar
import datetime as dt

import polars as pl

from dashboards.packs import charts
from dashboards.packs.desk import Desk
from dashboards.packs.model import BY_ROW, Column, Section, Table

# Input metrics come before output metrics, and the order is the same each week (W6).
HEADLINES = (
    "search_impressions", "social_reach", "ad_impressions", "sessions", "messages_sent", "ad_spend",
    "engaged_session_rate", "conversion_rate", "message_click_rate", "leads", "new_customers",
    "orders", "revenue_net", "average_order_value", "repeat_rate", "customer_acquisition_cost",
    "marketing_efficiency_ratio", "net_promoter_score", "satisfaction_mean",
)  # fmt: skip
ANSWER = ("revenue_net", "orders", "new_customers", "leads")
TRENDS = ("sessions", "ad_spend", "new_customers", "revenue_net", "orders", "conversion_rate")
TREND_WEEKS = 12


def headlines(desk: Desk) -> pl.DataFrame:
    """One row per headline metric that has a value this week or had one in a week it is compared with."""
    now = desk.week_of_metrics(HEADLINES)
    before = desk.week_of_metrics(HEADLINES, desk.week.earlier(1, desk.workspace))
    year = desk.week_of_metrics(HEADLINES, desk.week.earlier(52, desk.workspace))
    targets = _targets(desk)
    rows = [
        {
            "metric": name,
            "label": desk.label(name),
            "this_week": now[name],
            "last_week": before[name],
            "change": _change(desk, name, now[name], before[name]),
            "last_year": year[name],
            "change_year": _change(desk, name, now[name], year[name]),
            "target": targets.get(name),
            "owner": desk.catalogue[name].owner,
            BY_ROW: desk.catalogue[name].unit,
        }
        for name in now
        if any(values[name] for values in (now, before, year))
    ]
    return pl.DataFrame(rows, schema=_SCHEMA)


_NUMBERS = ("this_week", "last_week", "change", "last_year", "change_year", "target")
_SCHEMA = {
    "metric": pl.String,
    "label": pl.String,
    **dict.fromkeys(_NUMBERS, pl.Float64),
    "owner": pl.String,
    BY_ROW: pl.String,
}


def _change(desk: Desk, metric: str, now: float | None, before: float | None) -> float | None:
    """The change: in points for a rate, else in shares of the earlier value; nothing without an earlier one."""
    if now is None or before is None:
        return None
    if desk.catalogue[metric].unit == "rate":
        return now - before
    return (now - before) / abs(before) if before else None


def _targets(desk: Desk) -> dict[str, float]:
    """Each metric's target for the week: the month's share by days for what adds up, the month's own for a rate."""
    found = desk.metrics.rows("select month, metric, cast(target as double) as target from work.marts.fct_targets")
    by_month = {(row["month"], row["metric"]): float(row["target"]) for row in found.to_dicts()}
    days = [desk.week.start + dt.timedelta(days=number) for number in range(7)]
    targets: dict[str, float] = {}
    for name in desk.known(HEADLINES):
        daily = [by_month.get((day.replace(day=1), name)) for day in days]
        values = [value for value in daily if value is not None]
        if len(values) == len(days):
            adds_up = desk.catalogue[name].unit == "count" or name in {"ad_spend", "revenue_net"}
            shares = [
                value / calendar.monthrange(day.year, day.month)[1] for value, day in zip(values, days, strict=True)
            ]
            targets[name] = sum(shares) if adds_up else sum(values) / len(values)
    return targets


def section(desk: Desk, frame: pl.DataFrame) -> Section:
    """The section of headline numbers, with the twelve weeks' lines."""
    columns = (
        Column("label", desk.say("metric")),
        Column("this_week", desk.say("this_week"), BY_ROW),
        Column("last_week", desk.say("last_week"), BY_ROW),
        Column("change", desk.say("change"), "by_change"),
        Column("last_year", desk.say("last_year"), BY_ROW),
        Column("change_year", desk.say("change_year"), "by_change"),
        Column("target", desk.say("target"), BY_ROW),
        Column("owner", desk.say("owner")),
    )
    table = Table("headlines", desk.say("headlines"), columns, frame, desk.say("headlines_note"))
    return Section("headlines", desk.say("headlines"), answer(desk, frame), (table, _trends(desk, frame)))


def answer(desk: Desk, frame: pl.DataFrame) -> str:
    """The week in a sentence made from the numbers."""
    rows = {row["metric"]: row for row in frame.to_dicts()}
    parts = []
    for name in ANSWER:
        row = rows.get(name)
        if row is None or row["this_week"] is None:
            continue
        value = desk.show(row["this_week"], row[BY_ROW])
        if row["change"] is None:
            parts.append(desk.say("answer_plain", label=row["label"], value=value))
        else:
            change = desk.show(row["change"], "change")
            parts.append(desk.say("answer_value", label=row["label"], value=value, change=change))
    stop = "。" if desk.lang == "zh" else "."
    return ("；" if desk.lang == "zh" else "; ").join(parts) + stop if parts else desk.say("answer_none") + stop


def _trends(desk: Desk, frame: pl.DataFrame) -> Table:
    present = [name for name in TRENDS if name in set(frame["metric"])]
    weekly = desk.weekly(present, TREND_WEEKS) if present else pl.DataFrame()
    shown = [name for name in present if weekly[name].drop_nulls().len() > 1]
    columns = (Column("period", desk.say("week"), "date"), *desk.columns_for(weekly, "period", "")[1:])
    chart = charts.grid([charts.small_line(weekly, name, desk.label(name)) for name in shown]) if shown else None
    return Table("trends", desk.say("trends"), columns, weekly, desk.say("trends_answer"), chart)
