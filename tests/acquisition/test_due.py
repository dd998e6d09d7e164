"""What targets ask of any days: whole months exactly, parts by weekdays, ratios as they are (U2, A6)."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from dashboards.due import due
from dashboards.metrics import Metrics
from dashboards.pacing import month_of, pacing
from opsloop.workspace import Workspace

APRIL, MAY, JUNE = dt.date(2026, 4, 1), dt.date(2026, 5, 1), dt.date(2026, 6, 1)


@pytest.fixture(scope="module")
def metrics(demo: Workspace) -> Metrics:
    """The demo company's metrics."""
    return Metrics.open(demo)


def target(metrics: Metrics, month: dt.date, name: str) -> float:
    """The target of a month, as the company wrote it."""
    found = metrics.rows("select target from marts.fct_targets where month = ? and metric = ?", [month, name])
    return float(found.item())


def test_whole_months_ask_for_the_sum_of_their_targets(metrics: Metrics) -> None:
    """U2: two months, two targets, nothing lost at their border."""
    asked = due(metrics, ["orders", "revenue_net"], APRIL, dt.date(2026, 5, 31))
    for name in ("orders", "revenue_net"):
        assert asked[name] == pytest.approx(target(metrics, APRIL, name) + target(metrics, MAY, name), rel=1e-12)


def test_a_part_of_a_month_asks_for_what_its_weekdays_hold(metrics: Metrics) -> None:
    """U2: recomputed in pandas' terms: the mean of each weekday over 56 days, the part's sum over the month's."""
    end = dt.date(2026, 6, 17)
    daily = metrics.query(["orders"], grain="day", start=end - dt.timedelta(days=55), end=end)
    by_weekday = daily.group_by(pl.col("period").cast(pl.Date).dt.weekday().alias("day")).agg(pl.col("orders").mean())
    weight = dict(by_weekday.rows())
    month = [JUNE + dt.timedelta(days=n) for n in range(30)]
    share = sum(weight[day.isoweekday()] for day in month[4:17]) / sum(weight[day.isoweekday()] for day in month)
    asked = due(metrics, ["orders"], dt.date(2026, 6, 5), end)
    assert asked["orders"] == pytest.approx(target(metrics, JUNE, "orders") * share, rel=1e-9)


def test_the_days_of_a_month_that_are_over_are_due_what_its_pace_says(metrics: Metrics) -> None:
    """X1: the comparison with the target and the table of pace say the same number of the same days."""
    end = dt.date(2026, 6, 20)
    paces = pacing(metrics, {"orders": target(metrics, JUNE, "orders")}, month_of(end, end))
    assert due(metrics, ["orders"], JUNE, end)["orders"] == pytest.approx(paces[0].due, rel=1e-12)


def test_a_ratios_target_is_no_sum(metrics: Metrics) -> None:
    """U2: 15 % in April and in May are 15 % over both, each month weighed by its days."""
    asked = due(metrics, ["conversion_rate"], dt.date(2026, 4, 21), dt.date(2026, 5, 20))["conversion_rate"]
    goals = [target(metrics, month, "conversion_rate") for month in (APRIL, MAY)]
    assert asked == pytest.approx((goals[0] * 10 + goals[1] * 20) / 30)


def test_without_a_target_for_every_month_nothing_is_asked(metrics: Metrics) -> None:
    """U2: a month without a target is no month with a target of nothing."""
    assert due(metrics, ["orders"], dt.date(2024, 4, 20), dt.date(2024, 5, 20)) == {"orders": None}
    assert due(metrics, ["leads"], JUNE, dt.date(2026, 6, 30)) == {"leads": None}
