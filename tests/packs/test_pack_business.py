"""The weekly business review: six weeks and twelve months of each headline metric, and what tells signal from noise."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from types import SimpleNamespace
from typing import cast

import polars as pl
import pytest

from dashboards.actions.effect import WeekValue
from dashboards.limits import Limits, natural_limits
from dashboards.metrics import Metrics
from dashboards.packs import business_tables, six_twelve
from dashboards.packs.business import (
    REVIEWED,
    Point,
    Reviewed,
    ToDate,
    limits_of,
    months_to,
    to_date_spans,
    year_before,
)
from dashboards.packs.desk import Desk
from dashboards.packs.headlines import answer
from dashboards.packs.model import BY_ROW
from dashboards.weeks import named_week
from opsloop.workspace import Workspace

LANGS = pytest.mark.parametrize("lang", ["en", "zh"])
MONDAY = dt.date(2026, 6, 22)
DAY = dt.timedelta(days=1)


def _weeks(*values: float, maturity: str = "mature", base: float | None = None) -> list[WeekValue]:
    return [WeekValue(MONDAY, value, base, maturity) for value in values]


def _point(value: float | None, maturity: str = "mature", base: float | None = None) -> Point:
    return Point(MONDAY, MONDAY + 6 * DAY, value, base, None, None, maturity)


def _reviewed(now: Point) -> Reviewed:
    to_date = (ToDate("month", dt.date(2026, 6, 1), MONDAY, 300.0, 200.0, None),)
    return Reviewed("orders", (*[_point(100.0)] * 5, now), (_point(400.0),) * 12, to_date, Limits(100.0, 10.0), 26, 30)


def test_natural_limits_are_the_mean_and_2_66_mean_moving_ranges() -> None:
    """W6: Wheeler's XmR, worked out on paper; on the limit is within."""
    limits = natural_limits([10.0, 14.0, 12.0, 12.0])
    assert (limits.mean, limits.low, limits.high) == pytest.approx((12.0, 12 - 2.66 * 2, 12 + 2.66 * 2))
    assert not limits.is_signal(limits.high)
    assert limits.is_signal(limits.high + 0.01)
    assert limits.is_signal(limits.low - 0.01)


def test_only_settled_weeks_on_enough_cases_set_limits() -> None:
    """W6, X5, X9: weeks that can still change, and rates of few, tell nothing of what is usual."""
    steady = _weeks(*[10.0, 12.0] * 4)
    odd = [*_weeks(500.0, maturity="maturing"), *_weeks(500.0, base=29.0)]
    assert limits_of([*steady, *odd], 30) == (natural_limits([10.0, 12.0] * 4), 8)
    assert limits_of([*_weeks(900.0), *_weeks(*[10.0, 12.0] * 13)], 30) == (natural_limits([10.0, 12.0] * 13), 26)
    assert limits_of(_weeks(*[10.0] * 7), 30) == (None, 7)


@pytest.mark.parametrize(
    ("now", "is_signal"),
    [
        (_point(111.0), True),
        (_point(89.0), True),
        (_point(110.0), False),
        (_point(111.0, "maturing"), True),
        (_point(50.0, "partial"), False),
        (_point(50.0, "late"), False),
        (_point(111.0, base=29.0), False),
        (_point(111.0, base=30.0), True),
        (_point(None), False),
    ],
)
def test_only_a_signal_gets_a_sentence(empty: Workspace, now: Point, is_signal: bool) -> None:
    """W6, X5, X9: a week within its limits, not over, late, or on few cases is told without a word."""
    definition = SimpleNamespace(unit="count", owner="sales", good_direction="up", label=lambda lang: "Orders")
    metrics = SimpleNamespace(catalogue=lambda: {"orders": definition})
    desk = Desk(empty, cast(Metrics, metrics), named_week("2026-W26", empty), "en")
    one = _reviewed(now)
    section = business_tables.section(desk, [one])
    assert one.is_signal == is_signal
    assert bool(section.tables[0].alert) == is_signal
    assert ("Orders" in section.answer) == is_signal
    judged = "good" if now.value == 111.0 else "bad"
    assert section.tables[0].tone == (judged if is_signal and now.maturity == "mature" else "")
    if is_signal:
        assert "the mean of 26 settled weeks is 100" in section.tables[0].alert
        assert ("is not settled" in section.tables[0].alert or "preliminary" in section.tables[0].alert.lower()) == (
            now.maturity == "maturing"
        )
    assert not replace(one, limits=None).is_signal


def test_the_cover_says_what_left_its_limits_and_how_the_month_stands(empty: Workspace) -> None:
    """W2, W6: three sentences made from the numbers."""
    definition = SimpleNamespace(unit="count", label=lambda lang: "Orders")
    metrics = SimpleNamespace(catalogue=lambda: {"orders": definition})
    desk = Desk(empty, cast(Metrics, metrics), named_week("2026-W26", empty), "en")
    row = {
        "metric": "orders",
        "label": "Orders",
        "this_week": 111.0,
        "last_week": 100.0,
        "change": 0.11,
        BY_ROW: "count",
    }
    frame, one = pl.DataFrame([row]), _reviewed(_point(111.0))
    month = replace(one.to_date[0], target=250.0)
    said = answer(desk, frame, [replace(one, to_date=(month,))])
    assert said == (
        "Orders 111, +11.0% on last week. Beyond natural limits: Orders. "
        "Orders of the month so far is 300, +20.0% on its target for these days (250)."
    )
    assert answer(desk, frame, [_reviewed(_point(105.0))]).endswith("No metric left its natural limits.")


def test_twelve_months_are_those_that_were_over() -> None:
    """W6: on a month's last evening it is over, the day before it is not."""
    assert months_to(dt.date(2026, 5, 31), 12) == [dt.date(2025 + (m > 12), (m - 1) % 12 + 1, 1) for m in range(6, 18)]
    assert months_to(dt.date(2026, 5, 30), 2) == [dt.date(2026, 3, 1), dt.date(2026, 4, 1)]
    assert months_to(dt.date(2026, 1, 4), 1) == [dt.date(2025, 12, 1)]


@pytest.mark.parametrize(
    ("day", "fiscal", "quarter", "year"),
    [
        (dt.date(2026, 6, 28), 1, dt.date(2026, 4, 1), dt.date(2026, 1, 1)),
        (dt.date(2026, 6, 28), 4, dt.date(2026, 4, 1), dt.date(2026, 4, 1)),
        (dt.date(2026, 1, 4), 2, dt.date(2025, 11, 1), dt.date(2025, 2, 1)),
        (dt.date(2026, 3, 1), 12, dt.date(2026, 3, 1), dt.date(2025, 12, 1)),
    ],
)
def test_to_date_begins_with_the_fiscal_quarter_and_year(
    day: dt.date, fiscal: int, quarter: dt.date, year: dt.date
) -> None:
    """W6, X3: the first month of the fiscal year is a setting."""
    spans = to_date_spans(day, fiscal)
    assert spans == {"month": (day.replace(day=1), day), "quarter": (quarter, day), "year": (year, day)}


def test_the_same_day_of_last_year_exists_for_a_leap_day() -> None:
    """W6."""
    assert year_before(dt.date(2028, 2, 29)) == dt.date(2027, 2, 28)
    assert year_before(dt.date(2026, 6, 28)) == dt.date(2025, 6, 28)


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "csv" / f"{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _float(text: str) -> float | None:
    return float(text) if text else None


def test_each_week_and_month_is_the_metrics_layers_beside_last_years(demo: Workspace, packs: dict[str, Path]) -> None:
    """W6, X1: six weeks and twelve months, each asked for anew as a span of days."""
    metrics, rows = Metrics.open(demo), _rows(packs["en"], "business")
    found = [row["metric"] for row in rows[::18]]
    assert 6 <= len(found) <= 12
    assert found == [name for name in REVIEWED if name in found]
    assert len(rows) == 18 * len(found)
    for row in rows:
        first, last = dt.date.fromisoformat(row["first_day"]), dt.date.fromisoformat(row["last_day"])
        is_week = row["period"] == "Week"
        year = (first - 364 * DAY, last - 364 * DAY) if is_week else (year_before(first), year_before(last + DAY) - DAY)
        assert _float(row["value"]) == metrics.value(row["metric"], first, last)
        assert _float(row["last_year"]) == metrics.value(row["metric"], *year)
    assert [row["last_day"] for row in rows[:6]] == [(dt.date(2026, 5, 24) + 7 * n * DAY).isoformat() for n in range(6)]
    assert (rows[6]["first_day"], rows[17]["last_day"]) == ("2025-06-01", "2026-05-31")


def test_to_date_is_the_metrics_layers_beside_the_same_days_of_last_year(
    demo: Workspace, packs: dict[str, Path]
) -> None:
    """W6, X1: month, quarter and year up to the week's last day."""
    metrics = Metrics.open(demo)
    for row in _rows(packs["en"], "to_date"):
        first, last = dt.date.fromisoformat(row["first_day"]), dt.date.fromisoformat(row["last_day"])
        assert last == dt.date(2026, 6, 28)
        assert _float(row["value"]) == metrics.value(row["metric"], first, last)
        assert _float(row["last_year"]) == metrics.value(row["metric"], year_before(first), year_before(last))


def test_limits_are_those_of_the_settled_half_year_before(demo: Workspace, packs: dict[str, Path]) -> None:
    """W6: recomputed from weeks asked for one by one, as far as orders were settled."""
    metrics = Metrics.open(demo)
    row = next(row for row in _rows(packs["en"], "business") if row["metric"] == "orders")
    settled = metrics.rows("select max(order_date) as day from marts.fct_orders where maturity = 'mature'")["day"][0]
    last = max(MONDAY - 7 * n * DAY for n in range(20) if MONDAY - 7 * n * DAY + 6 * DAY <= settled)
    starts = [last - 7 * n * DAY for n in range(25, -1, -1)]
    values = [metrics.value("orders", start, start + 6 * DAY) or 0.0 for start in starts]
    moves = [abs(b - a) for a, b in pairwise(values)]
    assert float(row["mean"]) == pytest.approx(fmean(values))
    assert float(row["high"]) == pytest.approx(fmean(values) + 2.66 * fmean(moves))


@LANGS
def test_each_metric_has_its_chart_over_its_own_columns(packs: dict[str, Path], lang: str) -> None:
    """W6: one drawing and one table per metric, with its owner, in the page; all words in the reader's language."""
    page = next(packs[lang].glob("*.html")).read_text(encoding="utf-8")
    names = dict.fromkeys(row["metric"] for row in _rows(packs[lang], "business"))
    for name in names:
        before, after = page.split(f'<table id="business_{name}"')
        assert "<svg" in before[before.rindex("<h3>") :]
        assert 'class="aside"' in before[before.rindex("<h3>") :]
        assert len(after[: after.index("</thead>")].split('<th scope="col"')) == 20


def test_a_chart_draws_what_is_known_and_breaks_where_nothing_is() -> None:
    """W6, X5: a gap in the line for a week without a value, an open point for one that can still change."""
    points = (_point(1.0), _point(None), _point(3.0), _point(4.0), _point(5.0), _point(6.0, "maturing"))
    drawn = six_twelve.svg(replace(_reviewed(points[-1]), weeks=points, limits=None), str)
    assert drawn.count("<circle") == 5 + 12
    assert drawn.count('r="7.5" fill="#ffffff"') == 1
    assert "nan" not in drawn


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.123, "change", "+12%"),
        (-0.5, "change", "-50%"),
        (11.0, "change", "×12"),
        (0.025, "points", "+2.5"),
        (-1.5, "difference", "-1.50"),
        (1234.5, "money", "1,234"),
        (354.36, "money", "354.4"),
        (58.118, "money", "58.12"),
        (1234.0, "count", "1,234"),
        (0.156, "rate", "15.6%"),
        (None, "count", "–"),
    ],
)
def test_a_narrow_column_has_short_numbers(empty: Workspace, value: float | None, unit: str, text: str) -> None:
    """W6: without signs of money, and a change of more than ten times as a factor."""
    metrics = SimpleNamespace(catalogue=dict)
    assert Desk(empty, cast(Metrics, metrics), named_week("2026-W26", empty), "en").brief(value, unit) == text


def test_ticks_are_few_and_round() -> None:
    """W6."""
    assert six_twelve.ticks(0.0, 87.0) == [0.0, 50.0]
    assert six_twelve.ticks(-3.0, 61.0) == [0.0, 50.0]
    assert six_twelve.ticks(0.101, 0.187) == pytest.approx([0.15])
