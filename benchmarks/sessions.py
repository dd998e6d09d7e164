"""Sessions from web events, and which events are left out of them, by the product's models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks import compiled
from benchmarks.fresh import Task

MODEL = "intermediate.int_sessions__sessions"
RULES = "intermediate.int_traffic__removed"
COUNTED = "int_traffic__events"
ABSENT = ("traffic_type", "browser", "user_agent")


def product(task: Task) -> dict[str, Any]:
    """Events with their session, and a row per session, stored as the project stores them."""
    connection = _connected(task, COUNTED)
    with task.measured():
        compiled.build(connection, Path(task.options["compiled"]), MODEL, task.options.get("memory_limit", ""))
    query = f"""
        select count(*), sum(events), sum(pageviews), sum(epoch_us(session_ended_at) - epoch_us(session_started_at))
        from {MODEL}
    """
    row = connection.execute(query).fetchall()[0]
    return {name: int(value) for name, value in zip(("sessions", "events", "pageviews", "micros"), row, strict=True)}


def removed(task: Task) -> dict[str, Any]:
    """The events that the default traffic rules leave out; no orders."""
    connection = _connected(task, "int_web__events")
    connection.execute("create view intermediate.int_traffic__test_orders as select '' as order_id, 0 as rule_rank")
    with task.measured():
        compiled.build(connection, Path(task.options["compiled"]), RULES)
    return {"removed": int(connection.execute(f"select count(*) from {RULES}").fetchall()[0][0])}


def _connected(task: Task, given: str) -> duckdb.DuckDBPyConnection:
    """A warehouse with the settings, and the synthetic events under the name of a model."""
    connection = task.connect()
    compiled.prepare(connection, Path(task.options["compiled"]))
    connection.execute("create schema if not exists intermediate")
    absent = ", ".join(f"cast(null as varchar) as {name}" for name in ABSENT)
    connection.execute(f"create view intermediate.{given} as select *, {absent} from events")
    return connection
