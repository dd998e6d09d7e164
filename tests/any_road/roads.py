"""Arrivals in pieces, each landed and built before the next comes."""

from __future__ import annotations

from pathlib import Path

import company
from plan import Plan

from ingestion import landing
from opsloop.workspace import Workspace


def travelled(
    root: Path, plan: Plan, deliveries: list[company.Rows], days: list[str], *, in_parts: bool = False
) -> Workspace:
    """A workspace in which each delivery has landed and was built as of its day; all but the first in slices."""
    ws = company.make(root)
    for number, (rows, day) in enumerate(zip(deliveries, days, strict=True)):
        company.deliver(ws, number, rows)
        ws = company.on(ws, day)
        report = landing.land(ws)
        assert sum(stream.refused_files for stream in report.streams) == 0
        assert plan.build(ws, in_parts=in_parts) == (number > 0)
    return ws
