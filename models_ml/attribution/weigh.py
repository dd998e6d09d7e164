"""Learns what channels weigh from the warehouse's paths, between two slices of dbt (T1, T5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import polars as pl

from models_ml.attribution.bootstrap import data_driven_shares
from models_ml.attribution.shapley import membership
from models_ml.attribution.table import PathTable, Touches
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

FILE = "attribution_weights.parquet"
SEPARATOR = " > "
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("conversion_kind", "attribution_model", "channel"), pl.String()),
    **dict.fromkeys(("removal_effect", "credit_share", "share_low", "share_high"), pl.Float64()),
    **dict.fromkeys(("conversions", "journeys"), pl.Int64()),
}
_PATHS = "select conversion_kind, path, conversions, nulls from work.intermediate.int_attribution__path_counts"


@dataclass(frozen=True, slots=True)
class WeighReport:
    """What was learned from: distinct paths, converting journeys with a touch, and channels, over all kinds."""

    paths: int
    conversions: int
    channels: int


def weigh(workspace: Workspace) -> WeighReport:
    """Write `attribution_weights.parquet` into the state; the same paths give the same file."""
    tables = {kind: PathTable.of(rows) for kind, rows in sorted(_read(workspace).items())}
    order = workspace.settings.attribution.markov_order
    rows = [row for kind, table in tables.items() for row in _rows(kind, table, order)]
    path = workspace.config / FILE
    unfinished = path.with_suffix(".new")
    pl.DataFrame(rows, schema=SCHEMA, orient="row").write_parquet(unfinished)
    unfinished.replace(path)
    return WeighReport(
        sum(len(table.paths) for table in tables.values()),
        sum(table.conversions.total for table in tables.values()),
        len({channel for table in tables.values() for channel in table.channels}),
    )


def _read(workspace: Workspace) -> dict[str, list[Any]]:
    """The paths of each kind of conversion, or an error where they are not built yet."""
    if not workspace.work_db.is_file():
        raise OpsloopError(f"{workspace.work_db} does not exist: run `opsloop run --until build` first")
    path = str(workspace.work_db).replace("'", "''")
    kinds: dict[str, list[Any]] = defaultdict(list)
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{path}' as work (read_only)")
        try:
            found = connection.execute(_PATHS).fetchall()
        except duckdb.CatalogException:
            raise OpsloopError(f"{workspace.work_db} has no paths yet: run `opsloop run --until build` first") from None
    for kind, text, conversions, nulls in found:
        kinds[kind].append((tuple(text.split(SEPARATOR)), Decimal(conversions), Decimal(0), Decimal(nulls)))
    return kinds


def _rows(kind: str, table: PathTable, order: int) -> list[tuple[Any, ...]]:
    """One row per model and channel."""
    channels = table.channels
    has = membership(Touches.of(table), len(channels))
    converted = np.array(table.conversions.units) @ has
    journeys = converted + np.array(table.nulls.units) @ has
    return [
        (
            kind,
            shares.model,
            channel,
            None if shares.removal_effect is None else float(shares.removal_effect[i]),
            float(shares.share[i]),
            float(shares.low[i]),
            float(shares.high[i]),
            int(converted[i]),
            int(journeys[i]),
        )
        for shares in data_driven_shares(table, order)
        for i, channel in enumerate(channels)
    ]
