"""Retentioneering, its reports over the network switched off before it is imported."""

from __future__ import annotations

import os
from typing import Any

from benchmarks.fresh import Task

OFF = {"RETENTIONEERING_NO_TRACK": "1"}


def sessions(task: Task) -> dict[str, Any]:
    """An event stream split where a visitor is silent for 30 minutes; it has no longest session."""
    os.environ |= OFF
    import pandas as pd
    from retentioneering import Eventstream

    with task.measured():
        columns = ["visitor_id", "event_name", "event_at"]
        frame = pd.read_parquet(task.data / "events.parquet", columns=columns)
        schema = {"path_cols": ["visitor_id"], "event_col": "event_name", "timestamp_col": "event_at"}
        split = Eventstream(frame, schema).split_sessions(timeout="30m").df
    real = split[split["session_id"].notna()]
    return {"sessions": int(real["session_id"].nunique()), "events": len(real)}
