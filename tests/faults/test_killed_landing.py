"""A landing killed at any point leaves the whole batch or none of it, and the next run finishes the work (I5, O3)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kill_landing import POINTS

from ingestion import commitlog
from ingestion.landing import land
from opsloop.workspace import Workspace

SCRIPT = Path(__file__).with_name("kill_landing.py")


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_landing_shows_all_or_nothing_and_is_finished_by_the_next(
    point: str, ws: Workspace, drop: Callable[..., Path], rows: Callable[..., list[dict[str, Any]]]
) -> None:
    """Three months make three files of one batch; none of them is seen without the others."""
    days = ("2024-01-31", "2024-02-01", "2024-03-01")
    drop("visits", "a.csv", "visitor,day,pages\n" + "".join(f"ann,{day},1\n" for day in days) + "bob,never,1\n")
    done = subprocess.run([sys.executable, str(SCRIPT), str(ws.root), point], check=False, timeout=120)
    assert done.returncode == 9
    assert len(rows("visits")) == (3 if point == "after the commit" else 0)
    report = land(ws)
    assert [row["day"].isoformat() for row in sorted(rows("visits"), key=lambda row: row["day"])] == list(days)
    (entry,) = commitlog.commits(ws)
    assert (entry.read, entry.quarantined, entry.landed) == (4, 1, 3)
    assert report.changed == (point != "after the commit")
    named = {*entry.data, *entry.quarantine}
    assert {path.relative_to(ws.lake).as_posix() for path in ws.lake.rglob("*.parquet")} == named
    assert not list((ws.lake / "_open").glob("*"))
    assert [path.name for path in commitlog.log_folder(ws).iterdir()] == ["000000000001.json"]
