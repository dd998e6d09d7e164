"""Every metric gives what a query written apart gives: in total, by month, by a dimension, on demo and real data."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator

import pytest
from handwritten import HANDWRITTEN

from dashboards.metrics import Metrics
from dashboards.metrics_layer.periods import last_days
from opsloop.workspace import Workspace

MOST_VALUES = 6
OLIST = (dt.date(2017, 2, 10), dt.date(2018, 3, 20))


@pytest.fixture(scope="module")
def metrics(demo: Workspace) -> Iterator[Metrics]:
    """The demo company's metrics."""
    client = Metrics.open(demo)
    yield client
    client.close()


@pytest.fixture(scope="module")
def real(olist: Workspace) -> Iterator[Metrics]:
    """Olist's metrics."""
    client = Metrics.open(olist)
    yield client
    client.close()


def _range(metrics: Metrics) -> tuple[dt.date, dt.date]:
    """A range that begins and ends within months, and holds the day of the scores."""
    end = metrics.snapshot.as_of_date
    return end - dt.timedelta(days=160), end


def _by_hand(
    metrics: Metrics, name: str, start: dt.date, end: dt.date, column: str | None = None, value: object = None
) -> float | None:
    sliced = f"and {column} is not distinct from $v" if column else ""
    parameters = {"a": start, "b": end} | ({"v": value} if column else {})
    found = metrics.rows(HANDWRITTEN[name].sql.replace("{s}", sliced), parameters).item()
    return None if found is None else float(found)


def _same(found: object, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    return math.isclose(float(str(found)), expected, rel_tol=1e-9, abs_tol=1e-9)


def _has_data(metrics: Metrics, name: str) -> bool:
    tables = metrics.catalogue()[name].tables
    return all(metrics.rows(f"select count(*) from marts.{table}").item() for table in tables)


def _check(metrics: Metrics, name: str, start: dt.date, end: dt.date) -> None:
    """Where a metric's only mart holds no row, it is nothing rather than 0."""
    if _has_data(metrics, name):
        _check_everywhere(metrics, name, start, end)
    elif len(metrics.catalogue()[name].tables) == 1:
        assert metrics.value(name, start, end) is None


def _check_everywhere(metrics: Metrics, name: str, start: dt.date, end: dt.date) -> None:
    hand = HANDWRITTEN[name]
    assert _same(metrics.value(name, start, end), _by_hand(metrics, name, start, end)), "in total"
    by_month = metrics.query([name], grain="month", start=start, end=end)
    found = dict(zip(by_month["period"], by_month[name], strict=True))
    for month, last in last_days(start, end, "month", "monday").items():
        expected = _by_hand(metrics, name, max(start, month), last)
        assert _same(found.get(month), expected) or (month not in found and not expected), month
    if hand.dimension is None:
        return
    by_value = metrics.query([name], by=[hand.dimension], start=start, end=end)
    assert by_value[hand.dimension].is_unique().all()
    for value, number in by_value.select(hand.dimension, name).head(MOST_VALUES).iter_rows():
        expected = _by_hand(metrics, name, start, end, hand.column or hand.dimension, value)
        assert _same(number, expected), (hand.dimension, value)


def test_every_metric_of_the_catalogue_has_a_query_written_apart(metrics: Metrics) -> None:
    """Y2: no number goes unproved."""
    assert set(metrics.catalogue()) == set(HANDWRITTEN)


@pytest.mark.parametrize("name", sorted(HANDWRITTEN))
def test_a_metric_equals_its_query_written_apart_on_the_demo(metrics: Metrics, name: str) -> None:
    """Y1, X1: totals, months and one dimension, over a range that cuts months."""
    _check(metrics, name, *_range(metrics))


@pytest.mark.shared_data
@pytest.mark.parametrize("name", sorted(HANDWRITTEN))
def test_a_metric_equals_its_query_written_apart_on_real_orders(real: Metrics, name: str) -> None:
    """Y1: the same on Olist, where it has the data."""
    _check(real, name, *OLIST)


def test_the_demo_fills_every_metric(metrics: Metrics) -> None:
    """A metric that is nothing in the demo shows nothing on a page; coupons and satisfaction are real data's alone."""
    silent = {name for name in metrics.catalogue() if metrics.value(name) is None}
    assert silent <= {"coupon_redemptions", "satisfaction_mean"}


def test_distinct_persons_of_a_range_are_not_the_sum_of_its_months(metrics: Metrics) -> None:
    """A person who comes in two months is one visitor of both together."""
    start, end = _range(metrics)
    months = metrics.query(["visitors", "customers"], grain="month", start=start, end=end)
    for name in ("visitors", "customers"):
        assert (metrics.value(name, start, end) or 0) < months[name].sum()


def test_credit_over_channels_equals_orders_and_their_revenue_under_every_model(metrics: Metrics) -> None:
    """X2, T2: nothing is credited twice, nothing is lost, the unattributed row included."""
    start, end = _range(metrics)
    orders, revenue = metrics.exact(["orders", "revenue_gross"], start=start, end=end).row(0)
    credit = metrics.exact(
        ["attributed_conversions", "attributed_revenue"], by=["attribution_model", "channel"], start=start, end=end
    )
    for _, rows in credit.group_by("attribution_model"):
        assert rows["attributed_conversions"].sum() == orders
        assert rows["attributed_revenue"].sum() == revenue


def test_a_filter_and_its_opposite_share_out_the_whole(metrics: Metrics) -> None:
    """Rows with an empty value belong to exactly one of both sides."""
    whole = metrics.value("sessions") or 0
    for condition in ("campaign = 'nothing of the kind'", "source != 'google'", "medium in ('cpc', 'email')"):
        parts = [metrics.value("sessions", where=text) or 0 for text in (condition, f"not ({condition})")]
        assert sum(parts) == whole


def test_revenue_by_product_category_sums_to_revenue(metrics: Metrics) -> None:
    """X1: the finer facts that split revenue by category give the same total."""
    by_category = metrics.exact(["revenue_gross"], by=["product_category"])
    assert by_category["revenue_gross"].sum() == metrics.exact(["revenue_gross"])["revenue_gross"].item()
