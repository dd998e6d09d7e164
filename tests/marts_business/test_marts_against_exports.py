"""The business marts against the exports themselves, read again by hand and without the project's SQL."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from opsloop.workspace import Workspace

Order = dict[str, Any]
Rates = dict[str, dict[dt.date, Decimal]]


@pytest.fixture(scope="module")
def marts(demo: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo's warehouse, read only."""
    with duckdb.connect(str(demo.work_db), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def refused_lines(marts: duckdb.DuckDBPyConnection) -> set[tuple[str, int]]:
    """File and row of what was put aside."""
    rows = marts.sql("select file, row from workspace.quarantine where stream = 'orders'").fetchall()
    return {(Path(file).name, row) for file, row in rows}


@pytest.fixture(scope="module")
def orders(demo: Workspace, refused_lines: set[tuple[str, int]]) -> dict[str, Order]:
    """The newest good version of each order in the shop's exports, test orders left out."""
    newest: dict[str, Order] = {}
    for file in sorted((demo.landing / "shopify" / "orders").glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            if (file.name, number) in refused_lines:
                continue
            order = json.loads(line)
            known = newest.get(order["id"])
            if known is None or order["updated_at"] >= known["updated_at"]:
                newest[order["id"]] = order
    return {key: order for key, order in newest.items() if not order["test"]}


@pytest.fixture(scope="module")
def rates(marts: duckdb.DuckDBPyConnection) -> Rates:
    """Exchange rates into the reporting currency, as landed."""
    found: Rates = {}
    for currency, day, rate in marts.sql(
        "select from_currency, date_day, rate from landing_company.fx_rates where to_currency = 'CNY'"
    ).fetchall():
        found.setdefault(currency, {})[day] = Decimal(str(rate))
    return found


def rate_on(rates: Rates, currency: str, day: dt.date) -> Decimal | None:
    """The last rate known within the 7 days up to the day; 1 for the reporting currency."""
    if currency == "CNY":
        return Decimal(1)
    for age in range(8):
        if (rate := rates.get(currency, {}).get(day - dt.timedelta(days=age))) is not None:
            return rate
    return None


def gross(order: Order) -> Decimal:
    """Price of the items after their discounts, in the order's own currency."""
    lines = order["line_items"]
    return sum((Decimal(x["price"]) * x["quantity"] - Decimal(x["total_discount"]) for x in lines), Decimal(0))


def local_day(text: str) -> dt.date:
    """The day in the company's zone; the shop writes its offset."""
    zone = dt.timezone(dt.timedelta(hours=8))
    return dt.datetime.fromisoformat(text).astimezone(zone).date()


def test_each_order_of_the_export_is_in_the_mart_with_its_day_and_money(
    marts: duckdb.DuckDBPyConnection, orders: dict[str, Order], rates: Rates
) -> None:
    """X2, X4: no order more or less; gross at the rate of the day of purchase, whatever became of the order."""
    found = {
        row[0]: row[1:]
        for row in marts.sql(
            "select order_id, order_date, is_cancelled, revenue_gross from marts.fct_orders"
        ).fetchall()
    }
    assert set(found) == set(orders)
    for key, order in orders.items():
        day, is_cancelled, revenue = found[key]
        assert day == local_day(order["created_at"])
        assert is_cancelled == (order["cancelled_at"] is not None)
        rate = rate_on(rates, order["currency"], day)
        if rate is None:
            assert revenue is None
        else:
            assert abs(revenue - gross(order) * rate) < Decimal("0.00001")


def test_each_refund_counts_on_the_day_it_was_given(
    marts: duckdb.DuckDBPyConnection, orders: dict[str, Order], rates: Rates
) -> None:
    """X4: at that day's rate, and nothing twice."""
    expected = {
        refund["id"]: (order, refund)
        for order in orders.values()
        if order["cancelled_at"] is None
        for refund in order["refunds"]
    }
    assert expected
    found = {
        row[0]: row[1:] for row in marts.sql("select refund_id, refund_date, refunds from marts.fct_refunds").fetchall()
    }
    assert set(found) >= set(expected)
    for key, (order, refund) in expected.items():
        day, amount = found[key]
        assert day == local_day(refund["created_at"])
        rate = rate_on(rates, order["currency"], day)
        assert rate is not None
        assert abs(amount - Decimal(refund["amount"]) * rate) < Decimal("0.00001")


def test_a_person_is_new_once_and_orders_are_numbered_without_a_gap(marts: duckdb.DuckDBPyConnection) -> None:
    """A1: new customers are persons, each on the day of the first order."""
    numbers: dict[str, list[tuple[dt.datetime, str, int]]] = {}
    for person, moment, order, number in marts.sql(
        "select person_id, ordered_at, order_id, order_number from marts.fct_orders"
    ).fetchall():
        numbers.setdefault(person, []).append((moment, order, number))
    assert max(len(of_person) for of_person in numbers.values()) > 3
    for of_person in numbers.values():
        assert [number for _, _, number in sorted(of_person)] == list(range(1, len(of_person) + 1))


def test_daily_social_gains_add_up_to_the_last_snapshot(marts: duckdb.DuckDBPyConnection) -> None:
    """B1: whatever was gained or taken back on the way."""
    landed = marts.sql("""
        select lower(platform), post_id, arg_max(reach, (snapshot_date, _batch, _row))
        from landing_social.posts
        group by 1, 2
    """).fetchall()
    gained = marts.sql(
        "select platform, post_id, sum(reach) from marts.fct_social_posts_daily group by 1, 2"
    ).fetchall()
    assert {(platform, post): reach for platform, post, reach in landed} == {
        (platform, post): int(reach) for platform, post, reach in gained
    }


def test_nothing_is_lost_on_the_way_and_every_stream_is_weighed(
    demo: Workspace, marts: duckdb.DuckDBPyConnection
) -> None:
    """X2: each landed stream has its checks, and all balance."""
    unbalanced = marts.sql("select * from marts.fct_reconciliation where not is_balanced").fetchall()
    assert unbalanced == []
    landed = set(marts.sql("select distinct source || '/' || stream from workspace.batches").fetchall())
    for check in ("rows_read", "rows_landed", "rows_staged"):
        weighed = marts.sql(f"select stream from marts.fct_reconciliation where check_name = '{check}'").fetchall()
        assert landed == set(weighed)
    assert {path.parent.name for path in demo.landing.glob("*/*") if path.is_dir()} <= {
        stream.split("/")[0] for (stream,) in landed
    }
