"""Olist's leads, deals, orders and reviews: what the metrics say, against plain SQL on the published files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from dashboards.metrics import Metrics
from opsloop.workspace import Workspace

START, END = dt.date(2016, 9, 1), dt.date(2018, 8, 31)
Says = Callable[..., None]


@pytest.fixture(scope="module")
def files(shared_data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The files as tables, under short names."""
    with duckdb.connect() as con:
        names = {"orders": "orders", "items": "order_items", "customers": "customers", "reviews": "order_reviews"}
        names |= {"leads": "marketing_qualified_leads", "deals": "closed_deals"}
        for table, name in names.items():
            path = shared_data / "olist" / f"olist_{name}_dataset.csv.gz"
            con.execute(f"create view {table} as from read_csv('{path}')")
        con.execute(f"""
            create view bought as
                select o.*, c.customer_unique_id as person, o.order_purchase_timestamp::date as day
                from orders as o join customers as c using (customer_id)
                where o.order_purchase_timestamp::date between date '{START}' and date '{END}'""")
        yield con


@pytest.fixture(scope="module")
def metrics(olist: Workspace) -> Metrics:
    """The published figures."""
    return Metrics.open(olist)


FIGURES = {
    "orders": "select count(*) from bought",
    "customers": "select count(distinct person) from bought",
    "new_customers": "select count(distinct person) from bought",
    "repeat_customers": "select count(*) from (select person from bought group by person having count(*) > 1)",
    "revenue_gross": "select sum(price::decimal(18, 2)) from items join bought using (order_id)",
    "revenue_cancelled": """
        select sum(price::decimal(18, 2)) from items join bought using (order_id)
        where order_status in ('canceled', 'unavailable')""",
    "leads": "select count(*) from leads",
    "deals_won": f"select count(*) from deals where won_date::date <= date '{END}'",
}
LABELS = {
    "orders": "Orders",
    "customers": "Customers",
    "new_customers": "New customers",
    "repeat_customers": "Customers with a second order",
    "revenue_gross": "Revenue, gross (BRL)",
    "revenue_cancelled": "Of it cancelled (BRL)",
    "leads": "Leads",
    "deals_won": "Deals won",
}


@pytest.mark.parametrize("metric", FIGURES)
def test_a_metric_is_what_the_files_say(
    metric: str, metrics: Metrics, files: duckdb.DuckDBPyConnection, page_says: Says
) -> None:
    """X1: over the whole range, days being São Paulo's."""
    ((expected,),) = files.sql(FIGURES[metric]).fetchall()
    found = metrics.value(metric, START, END)
    assert found == pytest.approx(float(expected), abs=0.005)
    page_says(LABELS[metric], float(expected) if "revenue" in metric else int(expected))


def test_leads_win_by_origin_as_the_files_say(
    metrics: Metrics, files: duckdb.DuckDBPyConnection, page_says: Says
) -> None:
    """Leads by origin, the empty one apart from the unknown one, and how many of them were won."""
    rule = f"""
        select l.origin, count(*), count(d.mql_id) from leads as l
        left join (select * from deals where won_date::date <= date '{END}') as d on d.mql_id = l.mql_id
        group by l.origin order by count(*) desc, l.origin"""
    expected = files.sql(rule).fetchall()
    found = metrics.query(["leads", "lead_win_rate"], by=["origin"], start=START, end=END)
    by_origin = {row["origin"]: row for row in found.to_dicts()}
    assert set(by_origin) == {origin for origin, _, _ in expected}
    for origin, leads, won in expected:
        row = by_origin[origin]
        assert (origin, row["leads"]) == (origin, leads)
        assert row["lead_win_rate"] == pytest.approx(won / leads)
        page_says(origin or "(empty)", leads, won, f"{won / leads:.1%}")


def test_the_mean_score_is_that_of_the_dated_reviews(
    metrics: Metrics, files: duckdb.DuckDBPyConnection, page_says: Says
) -> None:
    """Reviews by the day of the answer, in São Paulo; 54 have no date and are in quarantine."""
    rule = f"""
        select avg(review_score), count(*) from reviews
        where review_answer_timestamp::date between date '{START}' and date '{END}'"""
    ((mean, count),) = files.sql(rule).fetchall()
    assert metrics.value("satisfaction_mean", START, END) == pytest.approx(mean)
    page_says("Mean score of reviews, 1 to 5", round(mean, 2))
    assert count > 90_000
