"""Sessions from web events, by the product's models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import compiled
from benchmarks.fresh import Task

MODEL = "int_sessions__sessions"
GIVEN = "int_web__events"


def product(task: Task) -> dict[str, Any]:
    """Events with their session, and a row per session, stored as the project stores them."""
    connection = task.connect()
    models = Path(task.options["compiled"])
    compiled.prepare(connection, models)
    connection.execute("create schema intermediate")
    connection.execute(f"create view intermediate.{GIVEN} as select * from events")
    with task.measured():
        compiled.build(connection, models, MODEL, [GIVEN])
    query = f"""
        select count(*), sum(events), sum(pageviews), sum(epoch_us(session_ended_at) - epoch_us(session_started_at))
        from intermediate.{MODEL}
    """
    row = connection.execute(query).fetchall()[0]
    return {name: int(value) for name, value in zip(("sessions", "events", "pageviews", "micros"), row, strict=True)}
