"""Actions with their effects as plain values, the same in every export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl

from dashboards.actions.effect import Effect
from dashboards.actions.weekly import Measured
from opsloop.workspace import Workspace

_NUMBERS = ("baseline", "value", "of", "effect", "effect_low", "effect_high", "effect_expected")
SCHEMA: dict[str, Any] = {
    "id": pl.Int64,
    **dict.fromkeys(("status", "finding", "metric", "where", "expected", "owner", "due"), pl.String),
    **dict.fromkeys(("added_on", "baseline_from", "baseline_to"), pl.Date),
    "baseline_weeks": pl.Int64,
    **dict.fromkeys(_NUMBERS, pl.Float64),
    **dict.fromkeys(("reached", "beyond_swing"), pl.Boolean),
    **dict.fromkeys(("verdict", "outcome", "learning"), pl.String),
    "closed_on": pl.Date,
}


def frame(workspace: Workspace, found: Sequence[Measured]) -> pl.DataFrame:
    """One row per action, in the order given: numbers at full precision, nothing as nothing."""
    return pl.DataFrame([_row(workspace, one) for one in found], schema=SCHEMA)


def _row(workspace: Workspace, one: Measured) -> dict[str, Any]:
    action = one.action
    closed = (action.closed_at - dt.timedelta(microseconds=1)).astimezone(workspace.zone) if action.closed_at else None
    return {
        "id": action.id,
        "status": one.status,
        "finding": action.finding,
        "metric": action.metric,
        "where": action.condition,
        "expected": action.expected.text,
        "owner": action.owner,
        "due": action.due,
        "added_on": action.added_on(workspace),
        **(_effect(one.effect) if one.effect else {}),
        "outcome": action.outcome,
        "learning": action.learning,
        "closed_on": closed.date() if closed else None,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    baseline = effect.baseline
    told: dict[str, Any] = {
        "value": effect.due.value,
        "of": effect.due.base,
        "effect": effect.change,
        "verdict": effect.verdict,
    }
    told |= {"reached": effect.is_reached, "beyond_swing": effect.is_signal, "effect_expected": effect.expected}
    if baseline:
        told |= {"baseline": baseline.mean, "baseline_weeks": len(baseline.weeks)}
        told |= {"baseline_from": baseline.weeks[0].start}
        told |= {"baseline_to": baseline.weeks[-1].start + dt.timedelta(days=6)}
    low, high = effect.interval or (None, None)
    return told | {"effect_low": low, "effect_high": high}
