"""Publishes a finished build as a read-only snapshot, swapped in whole (U5, O3): readers never see half of a build."""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from ingestion import lake
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace
from orchestration.lineage import streams_of_marts
from orchestration.transform import PROJECT, project_checksum, variables

POINTER = "current.json"
CATALOG = "work"
# The workspace's own tables that pages show beside the marts.
SHOWN = (
    *("settings", "streams", "batches", "quarantine", "expectations", "funnels", "brands", "conversion_events"),
    "person_aliases",
)
HELD = timedelta(hours=1)
_MARTS = """
select table_name, arg_min(column_name, column_index) filter (where data_type = 'DATE')
from duckdb_columns()
where database_name = ? and schema_name = 'marts' and table_oid in (select table_oid from duckdb_tables())
group by table_name order by table_name
"""


def publish(workspace: Workspace, checks: dict[str, int]) -> str:
    """Copy the marts into a new snapshot, verify it, swing the pointer to it and drop old ones; its id comes back."""
    created_at = workspace.clock()
    snapshot_id = f"{created_at:%Y%m%dT%H%M%S}-b{lake.last_batch(workspace)}"
    unfinished = workspace.published / f".{snapshot_id}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    rows = _copy_tables(workspace, unfinished / "warehouse.duckdb")
    shutil.copyfile(_semantic_manifest(workspace), unfinished / "semantic_manifest.json")
    meta = {
        "snapshot_id": snapshot_id,
        "created_at": created_at.isoformat(),
        "as_of": workspace.as_of.isoformat(),
        "as_of_date": workspace.as_of_date.isoformat(),
        "cut_off": _cut_off(workspace),
        "last_batch": lake.last_batch(workspace),
        "code_version": code_version(),
        "rows": rows,
        "checks": checks,
        "scores": _scores(workspace),
        "lineage": _lineage(workspace),
        "settings": {**variables(workspace), **workspace.settings.company.model_dump()},
    }
    _write(unfinished / "snapshot.json", meta)
    finished = workspace.published / snapshot_id
    unfinished.rename(finished)
    _swing(workspace, snapshot_id)
    _prune(workspace, snapshot_id)
    return snapshot_id


def _semantic_manifest(workspace: Workspace) -> Path:
    path = workspace.state / "dbt" / "target" / "semantic_manifest.json"
    if not path.is_file():
        raise OpsloopError(f"nothing is built yet ({path} is missing): run `opsloop run --until build` first")
    return path


def _copy_tables(workspace: Workspace, target: Path) -> dict[str, int]:
    """Copy every mart, and the workspace's own tables, into a new file; row counts by name, compared on both sides.

    A mart lies in the order of its first column of days, so that a page's period skips what the mart holds of others.
    """
    rows: dict[str, int] = {}
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{workspace.settings.memory_limit}'")
        connection.execute(f"set temp_directory = '{workspace.state / 'publishing'}'")
        connection.execute(f"attach '{workspace.work_db}' as {CATALOG} (read_only)")
        connection.execute(f"attach '{target}' as snapshot")
        marts = connection.execute(_MARTS, [CATALOG]).fetchall()
        if not marts:
            raise OpsloopError("nothing is built yet: run `opsloop run --until build` first")
        for schema, name, day in [
            *(("marts", *mart) for mart in marts),
            *(("workspace", name, None) for name in SHOWN),
        ]:
            connection.execute(f"create schema if not exists snapshot.{schema}")
            in_order = f" order by {day}" if day else ""
            connection.execute(f"create table snapshot.{schema}.{name} as from {CATALOG}.{schema}.{name}{in_order}")
            rows[f"{schema}.{name}"] = _same_count(connection, schema, name)
    _flush(target)
    return rows


def _same_count(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> int:
    counts = [
        connection.execute(f"select count(*) from {catalog}.{schema}.{name}").fetchall()[0][0]
        for catalog in (CATALOG, "snapshot")
    ]
    if counts[0] != counts[1]:
        raise OpsloopError(f"publishing {schema}.{name} lost rows ({counts[0]} built, {counts[1]} copied): run again")
    return int(counts[0])


def _cut_off(workspace: Workspace) -> str | None:
    """When the newest batch landed, as text: what arrived later is not in the snapshot."""
    with duckdb.connect(str(workspace.work_db), read_only=True) as connection:
        newest = connection.execute("select max(landed_at) from workspace.batches").fetchall()[0][0]
    return None if newest is None else f"{newest.isoformat()}+00:00"


def _scores(workspace: Workspace) -> dict[str, Any]:
    """What the last scoring said of each model: scored, or why not."""
    report = workspace.scores / "report.json"
    return json.loads(report.read_text(encoding="utf-8")) if report.is_file() else {}


def _lineage(workspace: Workspace) -> dict[str, list[str]]:
    """The streams that each mart is made from."""
    path = workspace.state / "dbt" / "target" / "manifest.json"
    return streams_of_marts(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _swing(workspace: Workspace, snapshot_id: str) -> None:
    temporary = workspace.published / f".{POINTER}"
    _write(temporary, {"snapshot_id": snapshot_id})
    os.replace(temporary, workspace.published / POINTER)  # noqa: PTH105 - the atomic swap itself
    _flush(workspace.published)


def _prune(workspace: Workspace, newest: str) -> None:
    """Remove unfinished copies, and snapshots over the count that are too old for a reader to hold still."""
    folders = sorted((p for p in workspace.published.iterdir() if p.is_dir()), reverse=True)
    finished = [folder for folder in folders if not folder.name.startswith(".")]
    oldest_held = workspace.clock().timestamp() - HELD.total_seconds()
    for folder in finished[workspace.settings.keep_snapshots :]:
        if folder.name != newest and folder.stat().st_mtime < oldest_held:
            shutil.rmtree(folder)
    for folder in folders:
        if folder.name.startswith("."):
            shutil.rmtree(folder)


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    _flush(path)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@cache
def code_version() -> str:
    """The release, and a checksum over the code and models that make numbers."""
    release = tomllib.loads((PROJECT.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return f"{release}+{project_checksum()[:12]}"
