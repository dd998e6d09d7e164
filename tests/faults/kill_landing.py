"""Lands the small source's files and dies, without a goodbye, when a given function is about to run or has run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1] / "ingestion"))

from small_source import SMALL

from ingestion import batch, commitlog, registry
from ingestion.landing import land
from opsloop.workspace import Workspace

POINTS = {
    "before the first part is written": (batch.Batch, "_part", "before"),
    "after one file is in its place": (batch.Batch, "_move", "after"),
    "after all files are in their place": (batch, "commit", "before"),
    "while the log's entry is written": (commitlog, "_write", "after second"),
    "after the commit": (batch, "commit", "after"),
}


def arm(point: str) -> None:
    """Make the function of that point the last thing the process does."""
    owner, name, when = POINTS[point]
    original = getattr(owner, name)
    calls = 0

    def deadly(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if when == "before":
            os._exit(9)
        result = original(*given, **named)
        if when == "after" or calls == 2:
            os._exit(9)
        return result

    setattr(owner, name, deadly)


if __name__ == "__main__":
    registry.discover = lambda: (SMALL,)  # type: ignore[assignment]
    arm(sys.argv[2])
    land(Workspace.open(sys.argv[1]))
