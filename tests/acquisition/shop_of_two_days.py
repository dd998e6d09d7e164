"""A small shop whose exports change: what it sent first, and what it sent nine days later."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from opsloop.workspace import Workspace

SETTINGS = {
    "company": {"name": "Shop", "name_zh": "店"},
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "as_of": "2026-03-31",
    "default_range": {"from": "2026-03-01", "to": "2026-03-31"},
    "sources": [],
    "mappings": ["mappings/*.yaml"],
    "data_folder": "data",
    "own_brands": [],
}
FIRST_LANDING = dt.datetime(2026, 4, 2, 9, tzinfo=dt.UTC)
SECOND_LANDING = dt.datetime(2026, 4, 11, 9, tzinfo=dt.UTC)
COLUMNS: dict[str, tuple[str, ...]] = {
    "orders": ("order_id", "customer_id", "ordered_at", "currency", "is_cancelled", "updated_at"),
    "order_items": ("order_item_id", "order_id", "quantity", "gross", "currency"),
    "refunds": ("refund_id", "order_id", "refunded_at", "currency", "amount"),
    "ad_performance": (
        *("platform", "date_day", "account_id", "campaign_id", "campaign_name", "ad_group_id", "ad_id", "currency"),
        *("spend", "impressions", "clicks", "conversions_claimed", "source", "medium"),
    ),
    "crm_deals": ("deal_id", "lead_id", "created_at", "won_at", "is_won", "amount", "currency"),
    "fx_rates": ("date_day", "from_currency", "to_currency", "rate"),
}
FIRST: dict[str, list[tuple[str, ...]]] = {
    "orders": [
        ("late-first", "ann", "2026-03-05T02:00:00Z", "CNY", "false", "2026-03-05T02:00:00Z"),
        ("kept", "bob", "2026-03-06T02:00:00Z", "USD", "false", "2026-03-06T02:00:00Z"),
        ("dropped", "cyd", "2026-03-07T02:00:00Z", "CNY", "false", "2026-03-07T02:00:00Z"),
        ("newer", "dan", "2026-03-08T02:00:00Z", "CNY", "true", "2026-03-20T02:00:00Z"),
        # A currency that nobody gives a rate for, money the wrong way round, none at all, a clock that was never set.
        ("no-rate", "eve", "2026-03-09T02:00:00Z", "CHF", "false", ""),
        ("negative", "fay", "2026-03-09T02:00:00Z", "CNY", "false", ""),
        ("zero", "gus", "2026-03-09T02:00:00Z", "CNY", "false", ""),
        ("epoch", "hal", "1970-01-01T00:00:00Z", "CNY", "false", ""),
    ],
    "order_items": [
        ("i1", "late-first", "1", "100", "CNY"),
        ("i2", "kept", "2", "50", "USD"),
        ("i3", "dropped", "1", "30", "CNY"),
        ("i4", "newer", "1", "40", "CNY"),
        ("i5", "no-rate", "1", "5", "CHF"),
        ("i6", "negative", "1", "-20", "CNY"),
        ("i7", "zero", "1", "0", "CNY"),
        ("i8", "epoch", "1", "7", "CNY"),
    ],
    "refunds": [("r1", "kept", "2026-03-10T02:00:00Z", "USD", "10")],
    "ad_performance": [
        ("paper", "2026-03-05", "acc", "c1", "spring", "g", "a1", "USD", "10", "100", "9", "1", "paper", "cpc"),
        ("paper", "2026-03-06", "acc", "c1", "spring", "g", "a1", "USD", "20", "200", "8", "2", "paper", "cpc"),
        ("paper", "2026-03-06", "acc", "c2", "", "g", "a2", "CHF", "3", "1", "0", "0", "", ""),
    ],
    "crm_deals": [("d1", "l1", "2026-03-05T02:00:00Z", "", "false", "500", "CNY")],
    "fx_rates": [("2026-03-05", "USD", "CNY", "7"), ("2026-03-10", "USD", "CNY", "8")],
}
SECOND: dict[str, list[tuple[str, ...]]] = {
    # An earlier order of Ann comes late; one is called off; one comes in an older version than the one here.
    "orders": [
        ("early", "ann", "2026-03-01T02:00:00Z", "CNY", "false", "2026-03-01T02:00:00Z"),
        ("dropped", "cyd", "2026-03-07T02:00:00Z", "CNY", "true", "2026-03-12T02:00:00Z"),
        ("newer", "dan", "2026-03-08T02:00:00Z", "CNY", "false", "2026-03-08T02:00:00Z"),
    ],
    "order_items": [("i9", "early", "3", "60", "CNY"), ("i1", "late-first", "1", "90", "CNY")],
    "refunds": [
        ("r1", "kept", "2026-03-10T02:00:00Z", "USD", "15"),
        ("r2", "dropped", "2026-03-12T02:00:00Z", "CNY", "30"),
    ],
    "ad_performance": [
        ("paper", "2026-03-06", "acc", "c1", "summer", "g", "a1", "USD", "25", "210", "8", "4", "paper", "cpc"),
    ],
    "crm_deals": [("d1", "l1", "2026-03-05T02:00:00Z", "2026-03-25T02:00:00Z", "true", "600", "CNY")],
}


def make(root: Path) -> Workspace:
    """The workspace with its mappings; no file is there yet."""
    workspace = Workspace.create(root, SETTINGS)
    (root / "mappings").mkdir()
    (root / "data").mkdir()
    for stream, columns in COLUMNS.items():
        same = dict(zip(columns, columns, strict=True))
        spec: dict[str, Any] = {"source": "shop", "stream": stream, "files": [f"{stream}_*.csv"], "columns": same}
        (root / "mappings" / f"{stream}.yaml").write_text(yaml.safe_dump(spec), encoding="utf-8")
    return workspace


def send(workspace: Workspace, name: str, rows: dict[str, list[tuple[str, ...]]]) -> None:
    """Put one export of each stream into the data folder."""
    for stream, lines in rows.items():
        frame = pl.DataFrame(lines, schema=dict.fromkeys(COLUMNS[stream], pl.String()), orient="row")
        frame.write_csv(workspace.root / "data" / f"{stream}_{name}.csv")
