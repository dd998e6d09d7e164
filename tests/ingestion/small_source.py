"""The small source: orders that the source orders by `updated_at`, visits that arrival orders."""

from __future__ import annotations

import polars as pl

from ingestion.contract import MONEY, TIMESTAMP, Policy, Rule, Source, Stream

ORDERS = Stream(
    name="orders",
    grain=("order_id",),
    schema={
        "order_id": pl.String(),
        "updated_at": TIMESTAMP,
        "amount": MONEY,
        "items": pl.Int64(),
        "email": pl.String(),
        "note": pl.String(),
    },
    time_column="updated_at",
    time_zone="America/New_York",
    order_by="updated_at",
    rename={"id": "order_id"},
    optional=("items", "email", "note"),
    pii={"email": "email", "note": "text"},
    rules=(Rule.between("amount", 0, 1000),),
)
VISITS = Stream(
    name="visits",
    grain=("visitor", "day"),
    schema={"visitor": pl.String(), "day": pl.Date(), "pages": pl.Int64()},
    time_column="day",
)
FROZEN = Stream(
    name="frozen",
    grain=("key",),
    schema={"key": pl.String(), "size": pl.Int64(), "kind": pl.String()},
    rules=(Rule.accepted("kind", "a", "b"),),
    policy=Policy(unknown_column="freeze", missing_column="freeze", wrong_type="freeze", broken_rule="freeze"),
)
SMALL = Source(
    name="small", title="Small", owner="data", licence="Made up for tests.", streams=(ORDERS, VISITS, FROZEN)
)
