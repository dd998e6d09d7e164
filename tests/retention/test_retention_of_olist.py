"""Retention of a real shop's customers against pandas as commonly written."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from question_sql import macros, parameters
from retention_oracle import Asked

LAST = dt.date(2018, 10, 31)
PERIODS = {"week": "W-SUN", "month": "M"}


@pytest.fixture(scope="module")
def orders() -> duckdb.DuckDBPyConnection:
    """Orders of Olist by person; skipped where the data is absent."""
    folder = Path(os.environ.get("OPSLOOP_SHARED_DATA", "")) / "olist"
    if not os.environ.get("OPSLOOP_SHARED_DATA") or not folder.is_dir():
        pytest.skip("absent data: OPSLOOP_SHARED_DATA names no folder with olist")
    connection = duckdb.connect()
    connection.execute(
        f"""
        create table orders as
        select customer_unique_id as person_id, cast(order_purchase_timestamp as timestamp) as active_at,
            cast(order_purchase_timestamp as date) as active_date
        from read_csv('{folder}/olist_orders_dataset.csv*')
        join read_csv('{folder}/olist_customers_dataset.csv*') using (customer_id)
        """
    )
    return connection


@pytest.mark.shared_data
@pytest.mark.parametrize("grain", sorted(PERIODS))
def test_cohorts_of_a_real_shop_are_those_of_pandas(grain: str, orders: duckdb.DuckDBPyConnection) -> None:
    """R1 to R4: each cell of 99,441 orders, by week and by month, zeros included."""
    asked = parameters(Asked(grain=grain, as_of_date=LAST, arrived_until=LAST))
    found = orders.execute(str(macros().retention_cells("orders", "orders", asked))).fetchall()
    frame = orders.sql("select person_id, active_date from orders").df()
    frame["period"] = pd.to_datetime(frame["active_date"]).dt.to_period(PERIODS[grain])
    frame["cohort"] = frame.groupby("person_id")["period"].transform("min")
    frame["since"] = [(now - first).n for now, first in zip(frame["period"], frame["cohort"], strict=True)]
    size = frame.groupby("cohort")["person_id"].nunique()
    back = frame.groupby(["cohort", "since"])["person_id"].nunique()
    expected = {(cohort.start_time.date(), since): (size[cohort], n) for (cohort, since), n in back.items()}
    assert {row[:2]: (row[3], row[6]) for row in found if row[6]} == expected
    assert {row[0] for row in found} == {cohort.start_time.date() for cohort in size.index}
