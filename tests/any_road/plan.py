"""The project as plain statements: what dbt would run on a warehouse, compiled once and run again and again."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt_common.events.base_types import EventMsg

from opsloop.workspace import Workspace
from orchestration import increment, transform

# Statements of a build, step by step.
Steps = tuple[tuple[str, ...], ...]

# Few enough that a table is made in several parts although the largest there is are the project's own lists.
ROWS_OF_A_PART = 300

# Marts that tell when what arrived differ by road on purpose (X6): how often rows came, which version when.
ABOUT_ARRIVAL = ("fct_freshness", "fct_reconciliation")


@dataclass(frozen=True, slots=True)
class Plan:
    """A warehouse with every model and no row, and the statements that fill it: whole, in parts or in slices, by step.

    `marts` are those that no road changes, `tables` all that one lake makes one way only.
    """

    warehouse: Path
    whole: Steps
    parts: Steps
    slices: Steps
    marts: tuple[str, ...]
    tables: tuple[str, ...]

    def build(self, ws: Workspace, *, in_parts: bool = False) -> bool:
        """Build the marts of a workspace as a run does; whether slices were replaced rather than all.

        Built whole, in parts as a warehouse of many more rows is.
        """
        if not ws.work_db.exists():
            shutil.copyfile(self.warehouse, ws.work_db)
        for number, (name, step) in enumerate(increment.STEPS.items()):
            with increment.step(ws, name), duckdb.connect(str(ws.work_db)) as con:
                con.execute("set TimeZone = 'UTC'")
                con.execute("set threads = 1")
                in_slices = bool(con.execute("select 1 from slices.run where since is not null").fetchall())
                steps = self.slices if in_slices else self.parts if in_parts else self.whole
                for statement in steps[number]:
                    con.execute(statement)
            step.then(ws)
        return in_slices


def compiled(ws: Workspace) -> Plan:
    """Build an empty workspace with dbt, in parts and in slices, and take down what it ran, in an order that holds."""
    with patch.object(transform, "rows_at_once", return_value=ROWS_OF_A_PART):
        made_in_parts = {name: tuple(map(_again, statements)) for name, statements in _run(ws).items()}
    nodes = json.loads(transform.manifest(ws).read_text(encoding="utf-8"))["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    parents = {key: [p for p in node["depends_on"]["nodes"] if p in models] for key, node in models.items()}
    order = list(TopologicalSorter(parents).static_order())
    wanted, built = [], set[str]()
    for step in increment.STEPS.values():
        named = [name.removeprefix("+") for name in step.select]
        part = set().union(*(_with_ancestors(name, models, parents) for name in named)) if named else set(models)
        wanted.append([models[key] for key in order if key in part - built and _is_wanted(models[key])])
        built |= part
    whole = {node["name"]: (_statement(ws, node),) for part in wanted for node in part}
    parts, slices = whole | made_in_parts, whole | _run(ws)
    names = {node["name"] for node in models.values() if node["schema"] == "marts"}.difference(ABOUT_ARRIVAL)
    marts = sorted(f"marts.{name}" for name in names)
    with duckdb.connect(str(ws.work_db)) as con:
        con.execute("delete from slices.built")
    assert any(len(statements) > 1 for statements in made_in_parts.values())
    return Plan(
        ws.work_db,
        *(
            tuple(tuple(statement for node in step for statement in statements[node["name"]]) for step in wanted)
            for statements in (whole, parts, slices)
        ),
        tuple(name for name in marts if not name.endswith("_history")),
        (*marts, "intermediate.int_attribution__path_counts"),
    )


def _run(ws: Workspace) -> dict[str, tuple[str, ...]]:
    """Build every model as a run does; what was executed for each that has slices."""
    executed: dict[str, list[str]] = {}

    def take_down(event: EventMsg) -> None:
        node = event.data.node_info if event.info.name == "SQLQuery" else None
        if node is not None and node.materialized == "slices" and not _is_question(event.data.sql):
            executed.setdefault(node.node_name, []).append(event.data.sql)

    for name, step in increment.STEPS.items():
        selection = [word for flag in ("select", "exclude") for word in _option(flag, getattr(step, flag))]
        with increment.step(ws, name):
            options = [*transform.common_arguments(ws), *transform.BUILD_OPTIONS, "--log-level", "none"]
            dbt = dbtRunner(manifest=transform._parsed(ws), callbacks=[take_down])
            result = dbt.invoke(["build", *options, "--exclude-resource-type", "test", *selection])
            transform._let_go(DuckDBConnectionManager)
            assert result.success, [found.message for found in result.result.results]
        step.then(ws)
    return {name: tuple(statements) for name, statements in executed.items()}


def _again(statement: str) -> str:
    """The statement where its table is there already."""
    return re.sub(r"^(\s*create)\s+table", r"\1 or replace table", statement, flags=re.MULTILINE)


def _option(name: str, values: tuple[str, ...]) -> list[str]:
    return [f"--{name}", *values] if values else []


def _is_question(sql: str) -> bool:
    """Whether a statement leaves the warehouse as it is."""
    return not re.search(r"^\s*(create|delete|insert|drop)\b", sql, re.MULTILINE | re.IGNORECASE)


def _with_ancestors(name: str, models: dict[str, Any], parents: dict[str, list[str]]) -> set[str]:
    """The model and all it is made of."""
    waiting = [key for key, node in models.items() if node["name"] == name]
    found: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += parents[key]
    return found


def _is_wanted(node: dict[str, Any]) -> bool:
    """Whether the model holds rows to compare; a view stands in the warehouse already and reads what is there."""
    return node["config"]["materialized"] in {"table", "slices"} and node["name"] not in ABOUT_ARRIVAL


def _statement(ws: Workspace, node: dict[str, Any]) -> str:
    """The model as one statement."""
    path = ws.state / "dbt" / "target" / "compiled" / "opsloop" / node["original_file_path"]
    return f"create or replace table {node['schema']}.{node['alias']} as {path.read_text(encoding='utf-8')}"


def marts(ws: Workspace, names: tuple[str, ...]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, sorted, cell by cell as text."""
    found = {}
    with duckdb.connect(str(ws.work_db), read_only=True) as con:
        for name in names:
            cells = con.execute(f"select cast(columns(*) as varchar) from {name} order by all").fetchall()
            found[name] = cells
    return found
