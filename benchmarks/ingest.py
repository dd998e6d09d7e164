"""Landing against the same file put into Parquet by bare engines: CSV with e-mails to hash, GA4's JSON lines."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from benchmarks.fresh import Task
from ingestion import landing, quarantine, registry
from ingestion.contract import MONEY, TIMESTAMP, Rule, Source, Stream
from opsloop.workspace import Workspace

ORDERS = Stream(
    name="orders",
    grain=("order_id",),
    schema={
        **dict.fromkeys("order_id financial_status currency email customer_id product_id title".split(), pl.String()),
        **dict.fromkeys(("created_at", "updated_at"), TIMESTAMP),
        "quantity": pl.Int64(),
        **dict.fromkeys("price discount tax shipping".split(), MONEY),
        **dict.fromkeys("country city gateway sales_channel landing_page referrer".split(), pl.String()),
        **dict.fromkeys("utm_source utm_medium utm_campaign device".split(), pl.String()),
        "test": pl.Boolean(),
    },
    time_column="created_at",
    order_by="updated_at",
    pii={"email": "email"},
    rename={"id": "order_id"},
    rules=(
        Rule.not_null("created_at"),
        Rule.matches("currency", "^[A-Z]{3}$"),
        Rule.accepted("financial_status", "pending", "paid", "refunded"),
        Rule.between("price", minimum=0),
    ),
)
BENCH = Source(name="bench", title="Bench", owner="bench", licence="Made up.", streams=(ORDERS,))


def csv(task: Task) -> dict[str, Any]:
    """Land a CSV: contract, hashed e-mail, quarantine, duplicates, Parquet by month."""
    registry.discover = lambda: (BENCH,)
    given = task.data / "orders.csv"
    ws = _workspace(task, "bench", "orders", given)
    with task.measured():
        report = landing.land(ws)
    (stream,) = report.streams
    aside = quarantine.rows(ws)["row"].sort()
    exact = aside.equals(pl.read_parquet(task.data / "truth.parquet")["row"].sort().alias("row"))
    return {"mb": given.stat().st_size / 1e6, "rows": stream.read, "landed": stream.landed, "exact": exact}


def csv_again(task: Task) -> dict[str, Any]:
    """Land a hundredth of the rows, half of them known, into a lake that has the rest."""
    registry.discover = lambda: (BENCH,)
    given = task.data / "orders.csv"
    ws = _workspace(task, "bench", "orders", given)
    landing.land(ws)
    with given.open(encoding="utf-8") as file:
        lines = [file.readline() for _ in range(_lines(given) // 100)]
    late = ws.landing / "bench" / "orders" / "orders_late.csv"
    late.write_text("".join(lines), encoding="utf-8")
    with task.measured():
        report = landing.land(ws)
    return {"mb": late.stat().st_size / 1e6, "landed": report.streams[0].landed}


def _lines(path: Path) -> int:
    """Lines of a file."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


def json_lines(task: Task) -> dict[str, Any]:
    """Land GA4's events as JSON lines, parameters nested."""
    ga4 = registry.source("ga4")
    registry.discover = lambda: (ga4,)
    given = task.data / "events.jsonl"
    ws = _workspace(task, "ga4", "events", given)
    with task.measured():
        report = landing.land(ws)
    return {"mb": given.stat().st_size / 1e6, "rows": report.read, "landed": report.landed}


def csv_by_duckdb(task: Task) -> dict[str, Any]:
    """The floor: the CSV into Parquet by DuckDB, types guessed, broken rows passed over."""
    with duckdb.connect() as con, task.measured():
        source = f"read_csv('{task.data}/orders.csv', ignore_errors = true)"
        con.execute(f"copy (from {source}) to '{task.scratch}/out.parquet' (format parquet, compression zstd)")
    return {}


def csv_by_polars(task: Task) -> dict[str, Any]:
    """The CSV into Parquet by Polars, all of it text."""
    with task.measured():
        rows = pl.scan_csv(task.data / "orders.csv", infer_schema=False, truncate_ragged_lines=True)
        rows.sink_parquet(task.scratch / "out.parquet", compression="zstd")
    return {}


def json_by_duckdb(task: Task) -> dict[str, Any]:
    """The floor: the JSON lines into Parquet by DuckDB, types guessed."""
    with duckdb.connect() as con, task.measured():
        source = f"read_json('{task.data}/events.jsonl')"
        con.execute(f"copy (from {source}) to '{task.scratch}/out.parquet' (format parquet, compression zstd)")
    return {}


def _workspace(task: Task, source: str, stream: str, given: Path) -> Workspace:
    """A workspace with the file in its drop folder."""
    shutil.rmtree(task.scratch / "ws", ignore_errors=True)
    ws = Workspace.create(task.scratch / "ws", {"sources": [source]})
    folder = ws.landing / source / stream
    folder.mkdir(parents=True)
    (folder / given.name).symlink_to(given)
    return ws
