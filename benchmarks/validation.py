"""Expectations on a batch of landed orders, against one aggregate over the same columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import duckdb

from benchmarks.fresh import Task
from benchmarks.ingest import BENCH, ORDERS
from ingestion import commitlog, expectations, lake, registry
from ingestion.commitlog import Commit
from ingestion.versions import content_columns
from opsloop.workspace import Workspace

_ALL_AT_ONCE = """
select count(*) - count(distinct hash(order_id, updated_at)), count(*) filter (order_id is null),
    count(*) filter (financial_status not in ('pending', 'paid', 'refunded')),
    count(*) filter (not regexp_matches(currency, '^[A-Z]{3}$')), min(price),
    avg(quantity), avg(price), avg(discount), avg(tax), avg(shipping), max(created_at)
from landing_bench.orders where _batch = 2
"""


class Counted:
    """A connection that counts the statements that read the stream's rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.scans = 0

    def sql(self, query: str) -> Any:
        """The statement's relation, counted."""
        self.scans += "from rows" in query
        return self.connection.sql(query)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def __enter__(self) -> Counted:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def great_expectations(task: Task) -> dict[str, Any]:
    """The product's checks of the newest batch, shown as Data Docs."""
    ws = _landed(task)
    con = Counted(duckdb.connect())
    expectations.duckdb.connect = lambda: con
    with task.measured():
        results = expectations.validate(ws)
    failed = sum(not result.success for result in results)
    is_told = any("on a sample of" in result.observed for result in results)
    return {"scans": con.scans, "failed": failed, "checks": len(results), "sample is said": is_told}


def one_aggregate(task: Task) -> dict[str, Any]:
    """The floor: the same questions in one aggregate over all rows of the batch."""
    ws = _landed(task)
    with duckdb.connect() as con:
        lake.attach(con, ws)
        with task.measured():
            con.execute(_ALL_AT_ONCE).fetchall()
    return {}


def _landed(task: Task) -> Workspace:
    """A workspace in which both batches have landed."""
    registry.discover = lambda: (BENCH,)
    ws = Workspace.create(task.scratch / "ws", {"sources": ["bench"]})
    rows: Mapping[str, int] = json.loads((task.data / "rows.json").read_text())
    columns = {name: kind for name, kind in content_columns(ORDERS, ()).items() if not name.startswith("_")}
    there = duckdb.sql(f"describe from '{task.data}/2.parquet'").fetchall()
    columns = {name: columns[name] for name, *_ in there if name in columns}
    folder = ws.lake / "bench" / "orders"
    folder.mkdir(parents=True)
    for batch, count in rows.items():
        (folder / f"{batch}.parquet").symlink_to(task.data / f"{batch}.parquet")
        figures = {"read": count, "duplicates": 0, "refused": 0, "quarantined": 0, "landed": count}
        names = {
            "source": "bench",
            "stream": "orders",
            "source_name": "bench",
            "landed_at": "2026-01-01T00:00:00+00:00",
        }
        data = {"files": [], "data": [f"bench/orders/{batch}.parquet"], "columns": columns}
        commitlog.commit(ws, Commit(batch=int(batch), **names, **figures, **data))
    return ws
