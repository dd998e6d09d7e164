"""ClickHouse in process (chdb), on the same Parquet files, with its own functions where it has them."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.fresh import Task

STEPS = ("page_view", "view_item", "add_to_cart", "begin_checkout", "purchase")


def sessions(task: Task) -> dict[str, Any]:
    """Runs of events by visitor with no gap over 30 minutes, cut every 24 hours: two windows and an aggregate."""
    query = _query(
        f"""
        select
            visitor_id, run_at, intDiv(greatest(us - run_at - 1, 0), {24 * 3600 * 1_000_000}) as cut,
            min(us) as started, max(us) as ended, count() as events, countIf(event_name = 'page_view') as pageviews,
            argMin(page_path, us) as landing_page, argMin(source, us) as source
        from (
            select *, max(start_at) over (partition by visitor_id order by us rows unbounded preceding) as run_at
            from (
                select
                    visitor_id, event_name, page_path, source, toUnixTimestamp64Micro(event_at) as us,
                    if(us - lagInFrame(us, 1, 0) over (
                        partition by visitor_id order by us rows between unbounded preceding and current row
                    ) > {30 * 60 * 1_000_000}, us, 0) as start_at
                from {_events(task)}
            )
        )
        group by visitor_id, run_at, cut
        """,
        into="sessions",
    )
    total = "count() as sessions, sum(events) as events, sum(pageviews) as pageviews, sum(ended - started) as micros"
    return _run(task, query, f"select {total} from bench.sessions")


def funnel(task: Task) -> dict[str, Any]:
    """Persons who reached each of five steps within 7 days of a start: windowFunnel."""
    conditions = ", ".join(f"event_name = '{step}'" for step in STEPS)
    query = f"""
        select level, count() as persons from (
            select
                person_id,
                windowFunnel({7 * 86_400_000_000})(toUInt64(toUnixTimestamp64Micro(event_at)), {conditions}) as level
            from {_events(task)}
            where event_name in {STEPS}
            group by person_id
        ) group by level
    """
    rows = _run(task, None, query)["rows"]
    return {
        f"step {step}": sum(row["persons"] for row in rows if row["level"] >= step) for step in range(1, len(STEPS) + 1)
    }


def retention(task: Task) -> dict[str, Any]:
    """Persons by week of their first event who were back in each of the next twelve weeks."""
    query = f"""
        with weeks as (
            select person_id, groupUniqArray(intDiv(toUInt32(toDate32(event_date)) - 4, 7)) as active
            from {_events(task)} group by person_id
        )
        select cell - first as week, count() as persons
        from (select arrayMin(active) as first, arrayJoin(active) as cell from weeks)
        where week between 0 and 12 group by week order by week
    """
    return {f"week {row['week']}": row["persons"] for row in _run(task, None, query)["rows"]}


def _events(task: Task) -> str:
    return f"file('{task.data}/events.parquet', Parquet)"


def _query(select: str, into: str) -> str:
    return f"create table bench.{into} engine = Memory as {select}"


def _run(task: Task, statement: str | None, query: str) -> dict[str, Any]:
    """Run the statement, if any, and the query; the rows of the query, or its one row's columns."""
    from chdb import session

    server = session.Session(str(task.scratch / "clickhouse"))
    server.query("create database if not exists bench")
    server.query("set max_threads = 2")
    answer = None
    with task.measured():
        if statement:
            server.query(statement)
        else:
            answer = server.query(query, "JSONEachRow")
    rows = [json.loads(line) for line in str(answer or server.query(query, "JSONEachRow")).splitlines() if line]
    return {key: int(value) for key, value in rows[0].items()} if statement else {"rows": [_whole(row) for row in rows]}


def _whole(row: dict[str, Any]) -> dict[str, int]:
    return {key: int(value) for key, value in row.items()}
