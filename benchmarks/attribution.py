"""Attribution of orders to the sessions of the thirty days before, by the product's models."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb

from benchmarks.fresh import Task

RULES = ("first", "last", "linear", "position", "decay")
CONVERSIONS = """
    create view conversions as
    select
        'order' as conversion_kind, order_id as conversion_id, person_id, ordered_at as conversion_at,
        order_date as conversion_date, 'mature' as maturity, cast(null as varchar) as session_id,
        ordered_at as touched_until, revenue_gross as value,
        lag(ordered_at) over (partition by person_id order by ordered_at, order_id) as previous_conversion_at
    from orders_mart
"""
SESSIONS = """
    create view sessions as
    select *, 'x' as channel_class, '(not set)' as campaign, channel as source, '(none)' as medium from sessions_mart
"""
NO_EFFECTS = "(select '' as conversion_kind, '' as channel, 0.0 as removal_effect where false)"


def rules(task: Task) -> dict[str, Any]:
    """Touches, then the credit of every touch under five rules, as the marts hold it; a channel's revenue by model."""
    return _credited(task, f", {list(RULES)}")


def models(task: Task) -> dict[str, Any]:
    """The same under all eight models."""
    return _credited(task, "")


def _credited(task: Task, named: str) -> dict[str, Any]:
    connection, asked = _connected(task)
    with task.measured():
        _store(connection, "touches", "attribution_touches('conversions', 'sessions', rules)", asked)
        call = f'attribution_credits("conversions", "touches", "{NO_EFFECTS}", rules{named})'
        _store(connection, "credits", call, asked)
    rows = connection.execute(
        "select attribution_model, sum(cents * 0.01 + rest) filter (where channel = 'search'), "
        "sum(cents * 0.01 + rest) from credits where channel <> 'unattributed' group by 1"
    ).fetchall()
    if len({total for _, _, total in rows}) != 1:
        raise SystemExit(f"the models' totals differ: {rows}")
    searched = {model: float(revenue) for model, revenue, _ in rows}
    return {f"{model} search": searched[model] for model in RULES}


def counts(task: Task) -> dict[str, Any]:
    """Each path with how often it converted and how often not, from sessions: what Markov and Shapley learn from."""
    connection, asked = _connected(task)
    with task.measured():
        _count_paths(connection, asked)
    return {"journeys": int(connection.execute("select sum(conversions + nulls) from paths").fetchall()[0][0])}


def markov(task: Task) -> dict[str, Any]:
    """Removal effects by linear algebra, after the counts."""
    return _solved(task, "markov")


def shapley(task: Task) -> dict[str, Any]:
    """Shapley values of the game of coverage, after the counts."""
    return _solved(task, "shapley")


def path_file(task: Task) -> None:
    """Write `paths.parquet` beside the events, for those who begin where paths are counted."""
    target = task.data / "paths.parquet"
    if not target.exists():
        connection, asked = _connected(task)
        _count_paths(connection, asked)
        connection.execute(f"copy (from paths) to '{target}' (format parquet)")


def _solved(task: Task, model: str) -> dict[str, Any]:
    from models_ml.attribution import PathTable, attribute

    path_file(task)
    rows = duckdb.sql(f"select path, conversions, nulls from '{task.data}/paths.parquet'").fetchall()
    table = PathTable.of(
        (tuple(path.split(" > ")), Decimal(yes), Decimal(0), Decimal(no)) for path, yes, no in rows if yes + no
    )
    attribute(table, model)  # what is loaded and compiled at the first call is not the solve
    with task.measured():
        answer = attribute(table, model)
    return {f"{one.channel} %": 100 * float(one.conversions) / table.conversions.total for one in answer.credits}


def _connected(task: Task) -> tuple[duckdb.DuckDBPyConnection, dict[str, Any]]:
    from opsloop.sections import AttributionSettings
    from orchestration.transform import _attribution

    connection = task.connect()
    connection.execute(CONVERSIONS)
    connection.execute(SESSIONS)
    return connection, _attribution(AttributionSettings())


def _count_paths(connection: duckdb.DuckDBPyConnection, asked: dict[str, Any]) -> None:
    _store(connection, "touches", "attribution_touches('conversions', 'sessions', rules)", asked)
    _store(connection, "trails", "attribution_trails('conversions', 'sessions', 'conversions')", asked)
    in_cycles = {**asked, "conversion_cycles": True}
    _store(connection, "trail_touches", "attribution_touches('trails', 'sessions', rules)", in_cycles)
    _store(connection, "journeys", "attribution_journeys('touches', 'trail_touches')", asked)
    _store(connection, "paths", "attribution_path_counts('journeys')", asked)


def _store(connection: duckdb.DuckDBPyConnection, name: str, call: str, asked: dict[str, Any]) -> None:
    from dashboards.questions.rendering import render

    connection.execute(f"create table {name} as {render('{{ ' + call + ' }}', rules=asked)}")
