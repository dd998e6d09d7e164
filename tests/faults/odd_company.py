"""A company whose exports hold what no export should: odd times, odd ids, odd money, odd paths, in one workspace."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from opsloop.workspace import Workspace

SETTINGS = {
    "company": {"name": "Odd", "name_zh": "怪"},
    "time_zone": "UTC",
    "currency": "EUR",
    "as_of": "2024-03-31",
    "default_range": {"from": "2024-03-01", "to": "2024-03-31"},
    "sources": [],
    "mappings": ["mappings/*.yaml"],
    "data_folder": "data",
    "conversion_events": ["purchase"],
    "own_brands": [],
}
EVENT_COLUMNS = (
    "event_id",
    "visitor_id",
    "user_id",
    "event_at",
    "event_name",
    "page_path",
    "referrer_host",
    "order_id",
)
TABLES: dict[str, tuple[str, ...]] = {
    "orders": ("order_id", "customer_id", "user_id", "ordered_at", "currency", "is_cancelled"),
    "order_items": ("order_item_id", "order_id", "quantity", "gross"),
    "refunds": ("refund_id", "order_id", "refunded_at", "currency", "amount"),
    "fx_rates": ("date_day", "from_currency", "to_currency", "rate"),
}
PERSONS_AT_THE_KIOSK = 1000
BUSY_EVENTS = int(os.environ.get("OPSLOOP_TEST_BUSY_EVENTS", "20000"))
BUSY_FROM = dt.datetime(2024, 3, 2)

# visitor, user, time, event, path, referrer, order
EVENTS = [
    # From the future: the end of as_of's day counts, the next instant does not.
    ("future", "", "2024-03-31T23:59:59.999999Z", "page_view", "/", "", ""),
    ("future", "", "2024-04-01T00:00:00Z", "page_view", "/", "", ""),
    ("future", "", "2030-01-01T00:00:00Z", "page_view", "/", "", ""),
    # A clock that was never set, and one that is a day like any other.
    ("epoch", "", "1970-01-01T00:00:00Z", "page_view", "/", "", ""),
    ("epoch", "", "2024-03-05T09:00:00Z", "page_view", "/", "", ""),
    # A clock set back by twenty minutes, and one that jumps three hours ahead and back: by time, whatever the order.
    ("back", "", "2024-03-10T10:00:00Z", "page_view", "/1", "", ""),
    ("back", "", "2024-03-10T10:05:00Z", "page_view", "/2", "", ""),
    ("back", "", "2024-03-10T09:50:00Z", "page_view", "/3", "", ""),
    ("back", "", "2024-03-10T10:08:00Z", "page_view", "/4", "", ""),
    ("ahead", "", "2024-03-10T12:00:00Z", "page_view", "/1", "", ""),
    ("ahead", "", "2024-03-10T15:00:00Z", "page_view", "/2", "", ""),
    ("ahead", "", "2024-03-10T12:10:00Z", "page_view", "/3", "", ""),
    # Round and round: a search, the shop, the payment provider, the shop again, the provider, and the order.
    ("loop", "u_loop", "2024-03-11T10:00:00Z", "page_view", "/a", "google.com", ""),
    ("loop", "u_loop", "2024-03-11T10:00:01Z", "page_view", "/b", "odd.example", ""),
    ("loop", "u_loop", "2024-03-11T10:00:02Z", "page_view", "/a", "pay.example", ""),
    ("loop", "u_loop", "2024-03-11T10:00:03Z", "page_view", "/b", "odd.example", ""),
    ("loop", "u_loop", "2024-03-11T10:00:04Z", "page_view", "/a", "pay.example", ""),
    ("loop", "u_loop", "2024-03-11T10:00:05Z", "purchase", "/b", "odd.example", "o_loop"),
    # Ids that are none: two visitors each, who must not become one person.
    ("nobody1", "null", "2024-03-12T10:00:00Z", "page_view", "/", "", ""),
    ("nobody2", "null", "2024-03-12T10:00:00Z", "page_view", "/", "", ""),
    ("nobody3", "0", "2024-03-12T10:00:00Z", "page_view", "/", "", ""),
    ("nobody4", "0", "2024-03-12T10:00:00Z", "page_view", "/", "", ""),
    ("nobody5", "", "2024-03-12T10:00:00Z", "page_view", "/", "", ""),
    ("nobody6", " ", "2024-03-12T10:00:00Z", "page_view", "/", "", ""),
    # A visitor who is none: without a user nobody visited, with one that user did.
    ("0", "", "2024-03-13T10:00:00Z", "page_view", "/", "", ""),
    ("null", "", "2024-03-13T10:00:00Z", "page_view", "/", "", ""),
    ("0", "u_real", "2024-03-13T11:00:00Z", "page_view", "/", "", ""),
]
ORDERS = [
    ("o_loop", "c_loop", "u_loop", "2024-03-11T10:00:05Z", "EUR", "false"),
    ("o_lone", "c_lone", "", "2024-03-12T10:00:00Z", "EUR", "false"),
    ("o_negative", "c_money", "", "2024-03-13T10:00:00Z", "EUR", "false"),
    ("o_zero", "c_money", "", "2024-03-14T10:00:00Z", "EUR", "false"),
    ("o_usd", "c_usd", "", "2024-03-15T10:00:00Z", "USD", "false"),
    ("o_usd_old", "c_usd", "", "2024-03-20T10:00:00Z", "USD", "false"),
    ("o_jpy", "c_jpy", "", "2024-03-15T10:00:00Z", "JPY", "false"),
    ("o_null1", "null", "", "2024-03-16T10:00:00Z", "EUR", "false"),
    ("o_null2", "null", "", "2024-03-17T10:00:00Z", "EUR", "false"),
    ("o_0", "0", "", "2024-03-16T10:00:00Z", "EUR", "false"),
    ("o_empty", "", "", "2024-03-16T10:00:00Z", "EUR", "false"),
    ("o_future", "c_lone", "", "2031-01-01T00:00:00Z", "EUR", "false"),
    ("", "c_lone", "", "2024-03-12T10:00:00Z", "EUR", "false"),
]
ITEMS = [
    ("i1", "o_loop", "1", "10.00"),
    ("i2", "o_lone", "2", "20.01"),
    ("i3", "o_negative", "1", "-5.55"),
    ("i4", "o_zero", "1", "0"),
    ("i5", "o_usd", "1", "100.00"),
    ("i6", "o_usd_old", "1", "100.00"),
    ("i7", "o_jpy", "1", "5000"),
    ("i8", "o_null1", "1", "1.00"),
    ("i9", "o_null2", "1", "1.00"),
    ("i10", "o_0", "1", "1.00"),
    ("i11", "o_empty", "1", "1.00"),
    ("i12", "o_future", "1", "99.00"),
    ("i13", "o_that_is_not_there", "1", "7.00"),
]
REFUNDS = [
    ("r1", "o_lone", "2024-03-13T00:00:00Z", "EUR", "20.01"),
    ("r2", "o_zero", "2024-03-15T00:00:00Z", "EUR", "0"),
]
RATES = [("2024-03-12", "USD", "EUR", "0.9"), ("2024-03-31", "EUR", "JPY", "0")]


def make(root: Path) -> Workspace:
    """The workspace with its files and mappings; nothing has landed."""
    ws = Workspace.create(root, SETTINGS)
    (root / "data").mkdir()
    (root / "mappings").mkdir()
    numbered = [(f"e{number}", *event) for number, event in enumerate(EVENTS)]
    without_id = ("", "lost", "", "2024-03-10T10:00:00Z", "page_view", "", "", "")
    _table(root, "web_events", EVENT_COLUMNS, [*numbered, without_id])
    for (name, columns), rows in zip(TABLES.items(), (ORDERS, ITEMS, REFUNDS, RATES), strict=True):
        _table(root, name, columns, rows)
    for name, frame in (("kiosk", _kiosk()), ("busy", _busy())):
        frame.write_parquet(root / "data" / f"web_events_{name}.parquet")
    return ws


def _table(root: Path, stream: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """One stream's file, and the mapping that takes it under its own names."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String()), orient="row")
    frame.write_csv(root / "data" / f"{stream}.csv")
    spec: dict[str, Any] = {
        "source": "odd",
        "stream": stream,
        "files": [f"{stream}*.*"],
        "columns": dict(zip(columns, columns, strict=True)),
    }
    if stream == "web_events":
        spec["constants"] = {"page_host": "odd.example"}
    (root / "mappings" / f"{stream}.yaml").write_text(yaml.safe_dump(spec))


def _events(name: str, count: int, visitor: pl.Expr, user: pl.Expr, at: pl.Expr) -> pl.DataFrame:
    """So many page views in the columns of the events' file."""
    return pl.DataFrame({"n": pl.int_range(count, eager=True)}).select(
        pl.format("{}{}", pl.lit(name), "n").alias("event_id"),
        visitor.alias("visitor_id"),
        user.alias("user_id"),
        at.alias("event_at"),
        pl.lit("page_view").alias("event_name"),
        pl.lit("/").alias("page_path"),
        *(pl.lit(None, dtype=pl.String).alias(column) for column in ("referrer_host", "order_id")),
    )


def _kiosk() -> pl.DataFrame:
    """A device on which a thousand people log in, one after the other, every 31 minutes."""
    at = pl.lit(dt.datetime(2024, 3, 1)) + pl.duration(minutes=31 * pl.col("n"))
    return _events("k", PERSONS_AT_THE_KIOSK, pl.lit("kiosk"), pl.format("guest{}", "n"), at)


def _busy() -> pl.DataFrame:
    """A person with an event in each of a million seconds."""
    at = pl.lit(BUSY_FROM) + pl.duration(seconds=pl.col("n"))
    return _events("b", BUSY_EVENTS, pl.lit("busy"), pl.lit(None, dtype=pl.String), at)
