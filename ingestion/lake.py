"""The lake as DuckDB views: one per declared stream over exactly what is committed, and the workspace's own tables."""

from __future__ import annotations

import duckdb

from ingestion import commitlog, registry, versions, workspace_tables
from ingestion.batch import lake_columns
from ingestion.commitlog import Commit
from ingestion.contract import HASH, TECHNICAL, Source, Stream
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace


def attach(con: duckdb.DuckDBPyConnection, ws: Workspace) -> None:
    """Make schemas `landing_<source>` and `workspace` with their views; what has no data is empty but typed.

    Raises OpsloopError for a file that the log names and that is not there.
    """
    committed = commitlog.commits(ws)
    _check_whole(ws, committed)
    for source in registry.discover():
        con.execute(f"create schema if not exists landing_{source.name}")
        for stream in source.streams:
            con.execute(_view(ws, source, stream, committed))
    workspace_tables.attach(con, ws, committed)


def _check_whole(ws: Workspace, committed: list[Commit]) -> None:
    """Return if every committed file is there; raise OpsloopError for the first that is not."""
    for entry in committed:
        for path in (*entry.data, *entry.quarantine):
            if not (ws.lake / path).is_file():
                raise OpsloopError(
                    f"{ws.lake / path}: missing, though batch {entry.batch} ({entry.source}/{entry.stream}) landed it; "
                    "restore it from a copy, or move lake/ away and run again to land what still lies ready"
                )


def batches(ws: Workspace) -> list[Commit]:
    """Every committed batch, oldest first."""
    return commitlog.commits(ws)


def last_batch(ws: Workspace) -> int:
    """The number of the newest batch; 0 where nothing has landed."""
    names = [int(path.stem) for path in commitlog.log_folder(ws).glob("[0-9]*.json")]
    return max(names, default=0)


def stream_sql(ws: Workspace, source: Source, stream: Stream, committed: list[Commit]) -> str:
    """SQL of a stream's rows, all versions: declared columns in their types, technical ones, then kept unknown ones."""
    mine = [c for c in committed if (c.source, c.stream) == (source.name, stream.name) and c.data]
    declared = lake_columns(stream)
    if not mine:
        typed = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind in declared.items())
        return f"select {typed} where false"
    landed = {name for c in mine for name in c.columns}
    content = versions.content_columns(stream, landed - set(declared))
    made = {name: _name(name) for name in {*landed, *TECHNICAL}}
    made[HASH] = versions.content_hash({name: kind for name, kind in content.items() if name in made})
    selected = [f'cast({made.get(name, "null")} as {kind}) as "{name}"' for name, kind in declared.items()]
    selected += [_name(name) for name in sorted(landed - set(declared))]
    files = [str(ws.lake / path) for c in mine for path in c.data]
    by_name = len({frozenset(c.columns.items()) for c in mine}) > 1
    options = f"union_by_name = {str(by_name).lower()}, hive_partitioning = false"
    return f"select {', '.join(selected)} from read_parquet({_list(files)}, {options})"


def _view(ws: Workspace, source: Source, stream: Stream, committed: list[Commit]) -> str:
    """SQL that makes a stream's view anew."""
    name = f'landing_{source.name}."{stream.name}"'
    return f"create or replace view {name} as {stream_sql(ws, source, stream, committed)}"


def _name(column: str) -> str:
    """A column's name in SQL."""
    return '"' + column.replace('"', '""') + '"'


def _list(paths: list[str]) -> str:
    """A list of strings in SQL."""
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"
