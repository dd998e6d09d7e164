"""Small warehouses of edges between ids, and identity run on them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import polars as pl

from models_ml.identity import IdentityReport
from models_ml.identity.files import write_all
from models_ml.identity.resolve import persons
from models_ml.identity.resolve import solve as solved
from models_ml.identity.rules import Rules, default_limits
from opsloop.workspace import Workspace

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
# Kind, id, kind, id, first seen (a day or a time), and how sure.
Edge = tuple[str, str, str, str, str] | tuple[str, str, str, str, str, float]
SCHEMA = (
    "id_kind_a varchar, id_a varchar, id_kind_b varchar, id_b varchar, source_name varchar,"
    " first_seen_at timestamp, last_seen_at timestamp, confidence double"
)


def fill(connection: duckdb.DuckDBPyConnection, table: str, edges: Iterable[Edge]) -> None:
    """Make the table of edges anew."""
    connection.execute(f"create or replace table {table} ({SCHEMA})")
    rows = [(*edge[:4], "web", edge[4], edge[4], edge[5] if len(edge) > 5 else 1.0) for edge in edges]
    if rows:
        connection.executemany(f"insert into {table} values (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def workspace_of(path: Path, edges: Iterable[Edge], **settings: Any) -> Workspace:
    """A workspace whose warehouse holds nothing but these edges."""
    workspace = Workspace.create(path, {"version": 1, **settings})
    set_edges(workspace, edges)
    return workspace


def set_edges(workspace: Workspace, edges: Iterable[Edge]) -> None:
    """Give the workspace's warehouse other edges."""
    with duckdb.connect(str(workspace.work_db)) as connection:
        connection.execute("create schema if not exists intermediate")
        fill(connection, "intermediate.int_identity__edges", edges)


def persons_of(workspace: Workspace) -> dict[str, str]:
    """Each id's person as the last run left it."""
    table = pl.read_parquet(workspace.config / "person_ids.parquet")
    return dict(table.select("id_value", "person_id").iter_rows())


def solve(edges: Iterable[Edge], rules: Rules | None = None) -> tuple[dict[tuple[str, str], int], IdentityReport]:
    """Each id's component, named by the number of its earliest id, and the report; in memory."""
    with duckdb.connect() as connection:
        fill(connection, "edges", edges)
        report = persons(connection, "edges", rules or Rules(default_limits()))
        rows = connection.execute(
            "select kind, value, first_node from nodes inner join earliest using (node)"
        ).fetchall()
    return {(kind, value): first for kind, value, first in rows}, report


def files_of(edges: Iterable[Edge], folder: Path, rules: Rules | None = None) -> dict[str, pl.DataFrame]:
    """What identity writes for the edges, by file name."""
    with duckdb.connect() as connection:
        fill(connection, "edges", edges)
        graph, _ = solved(connection, "edges", rules or Rules(default_limits()))
        write_all(connection, folder, graph)
    return {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}


def lives_of(files: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of `dim_person_ids`, by the mart's own SQL."""
    text = (PROJECT / "models" / "marts" / "persons" / "dim_person_ids.sql").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        for name in ("person_history", "person_ids"):
            connection.register(name, files[name])
        query = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(text)
        return connection.sql(query.render(source=lambda _workspace, table: table)).pl()
