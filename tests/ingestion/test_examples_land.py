"""The examples' mapping files land real files whole: counts are those of the files, found by other means (I3)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from ingestion import lake, quarantine
from ingestion.landing import land
from opsloop.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
pytestmark = pytest.mark.shared_data


def landed(name: str, variable: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Workspace, Path]:
    """The example landed in a workspace of its own, and the folder of its files."""
    shared = os.environ.get("OPSLOOP_SHARED_DATA")
    if not shared or not (Path(shared) / name).is_dir():
        pytest.skip(f"absent data: OPSLOOP_SHARED_DATA names no folder with {name}")
    monkeypatch.setenv(variable, str(Path(shared) / name))
    shutil.copytree(EXAMPLES / name, root)
    ws = Workspace.open(root)
    report = land(ws)
    assert report.refused_files == 0
    assert not land(ws).changed
    return ws, Path(shared) / name


def test_olist_lands_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and sums equal what DuckDB reads from the files; reviews without a date are aside."""
    ws, files = landed("olist", "OLIST_DIR", tmp_path / "ws", monkeypatch)
    with duckdb.connect() as con:
        lake.attach(con, ws)
        con.execute(f"set file_search_path = '{files}'")

        def same(lake_sql: str, file_sql: str) -> None:
            assert con.sql(lake_sql).fetchall() == con.sql(file_sql).fetchall()

        reviews = "'olist_order_reviews_dataset.csv.gz'"
        items, orders = "'olist_order_items_dataset.csv.gz'", "'olist_orders_dataset.csv.gz'"
        leads, deals = "'olist_marketing_qualified_leads_dataset.csv.gz'", "'olist_closed_deals_dataset.csv.gz'"
        same(
            "select origin, count(*) from landing_mapped.crm_leads group by 1 order by 1",
            f"select origin, count(*) from {leads} group by 1 order by 1",
        )
        same(
            "select count(*), count(segment) from landing_mapped.crm_deals",
            f"select count(*), count(business_segment) from {deals}",
        )
        same(
            "select count(*), count(distinct customer_id), count(*) filter (is_cancelled),"
            " sum(shipping)::decimal(18, 2) from landing_mapped.orders",
            "select count(*), count(distinct customer_unique_id),"
            " count(*) filter (order_status in ('canceled', 'unavailable')),"
            f" (select sum(freight_value::decimal(18, 2)) from {items})"
            f" from {orders} join 'olist_customers_dataset.csv.gz' using (customer_id)",
        )
        same(
            "select count(*), sum(gross)::decimal(18, 2) from landing_mapped.order_items",
            f"select count(*), sum(price::decimal(18, 2)) from {items}",
        )
        same(
            "select count(*), sum(amount)::decimal(18, 2) from landing_mapped.payments",
            "select count(*), sum(payment_value::decimal(18, 2)) from 'olist_order_payments_dataset.csv.gz'",
        )
        same(
            "select count(*), sum(score)::bigint, count(distinct order_id) from landing_mapped.surveys",
            "select count(*), sum(review_score)::bigint, count(distinct order_id)"
            f" from read_csv({reviews}) where review_answer_timestamp is not null",
        )
        same(
            "select ((ordered_at at time zone 'UTC') at time zone 'America/Sao_Paulo')::date as day, count(*)"
            " from landing_mapped.orders group by 1 order by 1",
            f"select order_purchase_timestamp::date as day, count(*) from {orders} group by 1 order by 1",
        )
    aside = quarantine.rows(ws)
    assert aside.select("stream", "reason", "column_name").unique().rows() == [
        ("surveys", "missing_value", "responded_at")
    ]
    assert aside.height == 54


def test_complete_journey_lands_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Baskets are made from their lines, and no cent is lost."""
    ws, files = landed("completejourney", "COMPLETEJOURNEY_DIR", tmp_path / "ws", monkeypatch)
    with duckdb.connect() as con:
        lake.attach(con, ws)
        con.execute(f"set file_search_path = '{files}'")

        def same(lake_sql: str, file_sql: str) -> None:
            assert con.sql(lake_sql).fetchall() == con.sql(file_sql).fetchall()

        same(
            "select count(*), sum(gross)::decimal(18, 2), sum(quantity)::bigint, count(distinct order_id)"
            " from landing_mapped.order_items",
            "select count(*), sum(sales_value::decimal(18, 2)), sum(quantity), count(distinct basket_id)"
            " from 'transactions.parquet'",
        )
        same(
            "select count(*), count(distinct customer_id), min(ordered_at) from landing_mapped.orders",
            "select count(distinct basket_id), count(distinct household_id), min(transaction_timestamp)::timestamp"
            " from 'transactions.parquet'",
        )
        (outside,) = con.sql(
            "select count(*) from landing_mapped.orders"
            " where year((ordered_at at time zone 'UTC') at time zone 'America/New_York') != 2017"
        ).fetchall()
        assert outside == (0,)
        same(
            "select count(*), count(distinct campaign_id) from landing_mapped.messages",
            "select count(*), count(distinct campaign_id) from 'campaigns.parquet'",
        )
        same(
            "select count(*) from landing_mapped.coupon_redemptions",
            "select count(*) from 'coupon_redemptions.parquet'",
        )
        same(
            "select min(starts_on), max(ends_on) from landing_mapped.campaign_calendar",
            "select min(start_date)::date, max(end_date)::date from 'campaign_descriptions.parquet'",
        )
    assert quarantine.rows(ws).is_empty()
