"""What the engine needs for the least that any such work must do; every other figure is a ratio to one of these."""

from __future__ import annotations

from typing import Any

from benchmarks.fresh import Task

FIVE = "visitor_id, event_at, event_name, source, engaged_seconds"
CARRIED = (
    "event_id, visitor_id, user_id, event_at, event_name, page_path, device, country, engaged_seconds, order_id, "
    "source, medium, campaign"
)


def scan(task: Task) -> dict[str, Any]:
    """Read five columns."""
    query = """
        select count(visitor_id), max(event_at), max(event_name), max(source), sum(engaged_seconds) from events
    """
    return _fetched(task, query)


def hash_by_visitor(task: Task) -> dict[str, Any]:
    """One row per visitor from five columns."""
    return _stored(
        task,
        """
        select visitor_id, count(*) as events, min(event_at) as first_at, max(event_name) as event_name,
            max(source) as source, sum(engaged_seconds) as engaged_seconds
        from events group by visitor_id
        """,
    )


def sort_by_visitor_and_time(task: Task) -> dict[str, Any]:
    """Five columns in order of visitor and time, stored."""
    return _stored(task, f"select {FIVE} from events order by visitor_id, event_at")


def sort_of_all_columns(task: Task) -> dict[str, Any]:
    """The columns that a session's events carry, in order of visitor and time, stored."""
    return _stored(task, f"select {CARRIED} from events order by visitor_id, event_at")


def write_parquet(task: Task) -> dict[str, Any]:
    """Five columns into Parquet with zstd."""
    connection = task.connect()
    target = task.scratch / "five.parquet"
    with task.measured():
        connection.execute(f"copy (select {FIVE} from events) to '{target}' (format parquet, compression zstd)")
    return {}


def hash_of_nodes(task: Task) -> dict[str, Any]:
    """One row per node of a graph of edges."""
    connection = task.connect()
    ends = " union all ".join(
        f"select id_kind_{end} as kind, id_{end} as value from '{task.data}/edges.parquet'" for end in "ab"
    )
    with task.measured():
        connection.execute(f"create table stored as select kind, value, count(*) as degree from ({ends}) group by all")
    return {}


def _fetched(task: Task, query: str) -> dict[str, Any]:
    connection = task.connect()
    with task.measured():
        connection.execute(query).fetchall()
    return {}


def _stored(task: Task, query: str) -> dict[str, Any]:
    connection = task.connect()
    with task.measured():
        connection.execute("set preserve_insertion_order = true")
        connection.execute(f"create table stored as {query}")
    return {"rows": connection.execute("select count(*) from stored").fetchall()[0][0]}
