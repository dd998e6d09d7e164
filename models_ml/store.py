"""Where models, cards and scores lie in a workspace; each file appears whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from models_ml.card import Card

if TYPE_CHECKING:
    from opsloop.workspace import Workspace

REPORT = "report.json"
SNAPSHOTS = "customer_scores"
SCHEMA: dict[str, pl.DataType] = {
    "person_id": pl.String(),
    "scored_on": pl.Date(),
    "churn_probability": pl.Float64(),
    "churn_band": pl.String(),
    "churn_reason_1": pl.String(),
    "churn_reason_2": pl.String(),
    "churn_reason_3": pl.String(),
    "ltv_expected": pl.Float64(),
    "ltv_low": pl.Float64(),
    "ltv_high": pl.Float64(),
    "model_version": pl.String(),
}


def save_model(workspace: Workspace, card: Card, model: Any) -> Path:
    """Keep a fitted model with its card under its version; the card's path comes back."""
    import joblib

    folder = workspace.scores / "models" / card.model / card.version
    folder.mkdir(parents=True, exist_ok=True)
    _whole(folder / "model.joblib", lambda path: joblib.dump(model, path))
    _whole(folder / "card.md", lambda path: path.write_text(card.as_markdown(), encoding="utf-8"))
    _whole(folder / "card.json", lambda path: path.write_text(_json(card.as_dict()), encoding="utf-8"))
    return folder / "card.md"


def save_scores(workspace: Workspace, scores: pl.DataFrame) -> Path:
    """Keep the scores of one day; the same day scored again replaces its own file and no other."""
    day = scores["scored_on"][0]
    path = workspace.scores / SNAPSHOTS / f"{day}.parquet"
    path.parent.mkdir(exist_ok=True)
    ordered = scores.select(list(SCHEMA)).cast(SCHEMA).sort("person_id")  # type: ignore[arg-type]
    _whole(path, ordered.write_parquet)
    return path


def save_report(workspace: Workspace, report: dict[str, Any]) -> Path:
    """Keep what the latest scoring did or refused, for pages and checks."""
    path = workspace.scores / REPORT
    _whole(path, lambda target: target.write_text(_json(report), encoding="utf-8"))
    return path


def load_report(workspace: Workspace) -> dict[str, Any] | None:
    """What the latest scoring did, or nothing where none has run."""
    path = workspace.scores / REPORT
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _whole(path: Path, write: Callable[[Path], object]) -> None:
    unfinished = path.with_name(f".{path.name}")
    write(unfinished)
    unfinished.replace(path)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
