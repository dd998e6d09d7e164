"""Faults are tried on the same small workspace as the other tests of ingestion."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "ingestion"))

from small_workspace import drop, rows, ws

__all__ = ["drop", "rows", "ws"]
