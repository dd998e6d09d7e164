"""The dbt project as assets, in three slices: up to identity, the marts, and what needs scores."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DbtCliResource, dbt_assets

from opsloop.workspace import Workspace
from orchestration import transform
from orchestration.lock import run_lock
from orchestration.translator import Translator

SAMPLE_ROWS = 5


def resources(workspace: Workspace) -> dict[str, Any]:
    """dbt, started by the interpreter's own folder, with its files inside the workspace."""
    return {
        "dbt": DbtCliResource(
            project_dir=str(transform.PROJECT),
            profiles_dir=str(transform.PROJECT),
            dbt_executable=str(Path(sys.executable).parent / "dbt"),
        )
    }


def assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """Three sets of assets that together hold every model, seed and test of the project."""
    first, last = transform.BEFORE_IDENTITY, transform.AFTER_SCORES
    return [
        _slice(workspace, "before_identity", first, ""),
        _slice(workspace, "marts", "fqn:*", f"{first} {last}"),
        _slice(workspace, "after_scores", last, ""),
    ]


def _slice(workspace: Workspace, name: str, select: str, exclude: str) -> dg.AssetsDefinition:
    @dbt_assets(
        manifest=transform.manifest(workspace),
        name=f"dbt_{name}",
        select=select,
        exclude=exclude or None,
        dagster_dbt_translator=Translator(),
        pool="warehouse",
        retry_policy=dg.RetryPolicy(max_retries=1, delay=5),
    )
    def built(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator[Any]:
        with run_lock(workspace):
            transform.prepare(workspace)
            target = workspace.state / "dbt" / "dagster"
            call = dbt.cli(["build", *_options(workspace)], context=context, target_path=target)
            events = list(call.stream())
        yield from _with_metadata(workspace, events)

    return built


def _options(workspace: Workspace) -> list[str]:
    """The options of dbt that Dagster does not set itself."""
    arguments = transform.common_arguments(workspace)
    return [*arguments[arguments.index("--log-path") :]]


def _with_metadata(workspace: Workspace, events: list[Any]) -> Iterator[Any]:
    """The same events, a model's with its row count and first rows."""
    with duckdb.connect(str(workspace.work_db), read_only=True) as connection:
        for event in events:
            if not isinstance(event, dg.Output):
                yield event
                continue
            schema, table = event.output_name.split("__", 1)
            yield dg.Output(None, event.output_name, metadata={**event.metadata, **_facts(connection, schema, table)})


def _facts(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, Any]:
    name = f'"{schema}"."{table}"'
    rows = connection.execute(f"select count(*) from {name}").fetchall()[0][0]
    sample = connection.execute(f"select * from {name} limit {SAMPLE_ROWS}").pl()
    return {"dagster/row_count": rows, "sample": dg.MetadataValue.md(_markdown(sample.columns, sample.rows()))}


def _markdown(columns: list[str], rows: list[tuple[Any, ...]]) -> str:
    lines = [columns, ["---"] * len(columns), *[[str(value)[:60].replace("|", "¦") for value in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
