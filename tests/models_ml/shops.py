"""Made-up shops for the tests of scores: orders drawn from known rates, as inputs of the score models' SQL."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import score_sql

from opsloop.workspace import Workspace

AS_OF = dt.date(2026, 6, 30)
HORIZON = 30


def orders(customers: int, days: int, seed: int = 3) -> pl.DataFrame:
    """Orders of customers who buy at their own rate until they leave; the first and the last day have one for sure."""
    generator = np.random.default_rng(seed)
    start = AS_OF - dt.timedelta(days=days - 1)
    rows = [("p0", start, 10.0), ("p0", AS_OF, 10.0)]
    for person in range(1, customers):
        day = float(generator.integers(0, max(days - 60, 1)))
        rate, leaves = generator.gamma(1.5, 1 / 30), generator.exponential(200)
        spend, last = generator.gamma(4, 12), day + leaves
        while day < min(last, days):
            rows.append((f"p{person}", start + dt.timedelta(days=int(day)), round(spend * generator.gamma(5, 0.2), 2)))
            day += max(generator.exponential(1 / rate), 1.0)
    return pl.DataFrame(rows, schema=["person_id", "order_date", "revenue"], orient="row")


def connect(found: pl.DataFrame, horizon_days: int = 30) -> duckdb.DuckDBPyConnection:
    """A database with the score models built over the orders, as known at the end of `AS_OF`."""
    connection = score_sql.connect()
    connection.execute("insert into settings values (?, ?)", [AS_OF + dt.timedelta(days=1), AS_OF])
    connection.register("found", found)
    connection.execute("""
        insert into fct_orders
        select 'o' || row_number() over (), 'shop', person_id, order_date, false, revenue from found
    """)
    score_sql.build(connection, horizon_days)
    return connection


def make_shop(root: Path, orders: pl.DataFrame) -> Workspace:
    """Make a workspace whose warehouse holds the feature mart of the orders."""
    settings = {"as_of": AS_OF, "time_zone": "UTC", "scores": {"horizon_days": HORIZON}}
    workspace = Workspace.create(root, settings)
    features = connect(orders, HORIZON).sql("select * from fct_customer_features").pl()
    with duckdb.connect(str(workspace.work_db)) as connection:
        connection.register("features", features)
        connection.execute("create schema marts; create table marts.fct_customer_features as from features")
    return workspace
