"""Markov attribution by the package channelattribution, which simulates journeys; its settings left as they are."""

from __future__ import annotations

from typing import Any

from benchmarks.fresh import Task


def markov(task: Task) -> dict[str, Any]:
    """Each channel's share of the conversions, from the same counted paths."""
    import pandas as pd
    from ChannelAttribution import markov_model

    paths = pd.read_parquet(task.data / "paths.parquet").astype({"conversions": float, "nulls": float})
    with task.measured():
        found = markov_model(paths, "path", "conversions", var_null="nulls", verbose=False, flg_pro=False)
    share = 100 * found["total_conversions"] / found["total_conversions"].sum()
    return {f"{channel} %": float(value) for channel, value in zip(found["channel_name"], share, strict=True)}
