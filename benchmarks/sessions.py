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
    return _found(connection.execute(f"select count(*), sum(events) from intermediate.{MODEL}").fetchall()[0])


def _found(row: tuple[Any, ...]) -> dict[str, Any]:
    return {"sessions": int(row[0]), "events": int(row[1])}
