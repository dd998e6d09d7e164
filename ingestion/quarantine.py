"""Rows that broke their contract: kept aside with the reason, the file and the row, to be looked at (X8)."""

from __future__ import annotations

import polars as pl

from ingestion import commitlog
from ingestion.batch import QUARANTINE
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace


def rows(ws: Workspace, stream: str | None = None) -> pl.DataFrame:
    """Every row set aside, newest batch first, of one stream (`source/stream`) where it is named; raw text masked."""
    paths = [ws.lake / path for entry in reversed(commitlog.commits(ws)) for path in entry.quarantine]
    frames = [pl.read_parquet(path, hive_partitioning=False) for path in paths]
    found = pl.concat(frames) if frames else pl.DataFrame(schema=QUARANTINE)
    return found if stream is None else found.filter(pl.format("{}/{}", "source", "stream") == stream)


def counts(ws: Workspace) -> pl.DataFrame:
    """How many rows are aside per stream, reason and column, most first."""
    keys = ["source", "stream", "reason", "column_name"]
    return rows(ws).group_by(keys).agg(pl.len().alias("rows")).sort("rows", *keys, descending=[True] + [False] * 4)


def show(ws: Workspace, quarantine_id: str) -> dict[str, object]:
    """One row set aside, all of it; raises OpsloopError for an unknown id."""
    batch = quarantine_id.partition("-")[0]
    for entry in commitlog.commits(ws):
        if str(entry.batch) == batch:
            for path in entry.quarantine:
                frame = pl.read_parquet(ws.lake / path, hive_partitioning=False)
                found = frame.filter(pl.col("quarantine_id") == quarantine_id)
                if found.height:
                    return found.row(0, named=True)
    raise OpsloopError(f"no row set aside has the id {quarantine_id!r}; see `opsloop quarantine list`")
