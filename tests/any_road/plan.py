"""The project as plain statements: what dbt would run on a warehouse, compiled once and run again and again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from ingestion import lake
from models_ml import attribution, identity
from opsloop.workspace import Workspace
from orchestration import transform

# Marts that tell when what arrived differ by road on purpose (X6): how often rows came, which version when.
ABOUT_ARRIVAL = ("fct_freshness", "fct_reconciliation")


@dataclass(frozen=True, slots=True)
class Plan:
    """A warehouse with every model and no row, and the statements that fill it, apart where Python works in between."""

    warehouse: Path
    slices: tuple[tuple[str, ...], ...]
    marts: tuple[str, ...]

    def build(self, ws: Workspace) -> None:
        """Build the marts of a workspace from what has landed in it, as a run does."""
        shutil.copyfile(self.warehouse, ws.work_db)
        between: tuple[Callable[[Workspace], Any], ...] = (identity.resolve, attribution.weigh)
        for number, statements in enumerate(self.slices):
            with duckdb.connect(str(ws.work_db)) as con:
                con.execute("set TimeZone = 'UTC'")
                con.execute("set threads = 1")
                lake.attach(con, ws)
                for statement in statements:
                    con.execute(statement)
            if number < len(between):
                between[number](ws)


def compiled(ws: Workspace) -> Plan:
    """Build an empty workspace with dbt and take down what it ran, in an order that holds."""
    transform.prepare(ws)
    identified, weighed = transform.BEFORE_IDENTITY, transform.BEFORE_WEIGHTS
    transform.build(ws, [identified])
    identity.resolve(ws)
    transform.prepare(ws)
    transform.build(ws, [weighed], exclude=[identified])
    attribution.weigh(ws)
    transform.prepare(ws)
    transform.build(ws, exclude=[identified, weighed])
    nodes = json.loads(transform.manifest(ws).read_text(encoding="utf-8"))["nodes"]
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    parents = {key: [p for p in node["depends_on"]["nodes"] if p in models] for key, node in models.items()}
    order = list(TopologicalSorter(parents).static_order())
    before_identity = _with_ancestors("int_identity__edges", models, parents)
    before_weights = _with_ancestors("int_attribution__path_counts", models, parents) - before_identity
    rest = set(models) - before_identity - before_weights
    slices = tuple(
        tuple(_statement(ws, models[key]) for key in order if key in part and _is_wanted(models[key]))
        for part in (before_identity, before_weights, rest)
    )
    marts = sorted(node["name"] for node in models.values() if node["schema"] == "marts")
    kept = tuple(name for name in marts if name not in ABOUT_ARRIVAL and not name.endswith("_history"))
    return Plan(ws.work_db, slices, kept)


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
    return node["config"]["materialized"] == "table" and node["name"] not in ABOUT_ARRIVAL


def _statement(ws: Workspace, node: dict[str, Any]) -> str:
    """The model as one statement."""
    path = ws.state / "dbt" / "target" / "compiled" / "opsloop" / node["original_file_path"]
    return f"create or replace table {node['schema']}.{node['alias']} as {path.read_text(encoding='utf-8')}"


def marts(ws: Workspace, names: tuple[str, ...]) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every mart, sorted, cell by cell as text."""
    found = {}
    with duckdb.connect(str(ws.work_db), read_only=True) as con:
        for name in names:
            cells = con.execute(f"select cast(columns(*) as varchar) from marts.{name} order by all").fetchall()
            found[name] = cells
    return found
