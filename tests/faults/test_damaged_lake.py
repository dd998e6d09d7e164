"""A lake with a file missing is one clear line, not a trace (X8)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion import lake
from ingestion.landing import land
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace


@pytest.mark.parametrize("lost", ["small/visits", "_quarantine"])
def test_a_missing_file_of_the_lake_is_named_with_what_to_do(
    lost: str, ws: Workspace, drop: Callable[..., Path]
) -> None:
    """The second month's file and the quarantine's are missed as the first one's is (X8)."""
    drop("visits", "a.csv", "visitor,day,pages\nann,2024-01-31,1\nann,2024-02-01,1\nbob,never,1\n")
    land(ws)
    path = max((ws.lake / lost).rglob("*.parquet"))
    path.unlink()
    with duckdb.connect() as con, pytest.raises(OpsloopError) as raised:
        lake.attach(con, ws)
    (line,) = str(raised.value).splitlines()
    assert line.startswith(f"{path}: missing, though batch 1 (small/visits) landed it; restore it from a copy")
