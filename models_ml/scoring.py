"""Trains, judges and scores: the one entry for whoever wants scores; it refuses rather than guesses (L1 to L4).

Scores are appended by date under the workspace's `scores` folder. A refusal is a result and leaves earlier scores
alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from models_ml import gate, store
from models_ml.card import Card, not_better
from models_ml.churn.model import ChurnModel
from models_ml.churn.reasons import reasons as churn_reasons
from models_ml.consent import consenting
from models_ml.gate import Reason
from models_ml.ltv.model import LtvModel
from models_ml.table import CustomerTable, matrix, read_customers
from models_ml.threads import one_thread
from opsloop.errors import OpsloopError

if TYPE_CHECKING:
    from opsloop.workspace import Workspace

MODELS = ("churn", "ltv")
# Bumped when the way of training changes, so that a version names its code as well as its data.
RECIPE = "2"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one model: `scored`, `not_passed` (worse than its baseline) or `refused` (too little data)."""

    model: str
    status: str
    reasons: tuple[Reason, ...] = ()
    card: Card | None = None
    card_path: Path | None = None

    def text(self, lang: str) -> str:
        """One line on what became of the model."""
        if self.status == "scored" and self.card is not None:
            judged = self.card.judged
            line = f"{judged.gain:.4g} ({judged.low:.4g} … {judged.high:.4g})"
            if lang == "zh":
                return f"{self.model}：已评分，{judged.metric} 增益 {line}"
            return f"{self.model}: scored, {judged.metric} gain {line}"
        told = [reason.text(lang) for reason in self.reasons]
        return (
            f"{self.model}：未评分，{'；'.join(told)}"
            if lang == "zh"
            else f"{self.model}: not scored, {'; '.join(told)}"
        )

    def as_dict(self) -> dict[str, Any]:
        """The outcome as plain values; `refusal` is the English sentence or nothing."""
        return {
            "model": self.model,
            "status": self.status,
            "passed": self.status == "scored",
            "version": self.card.version if self.card else None,
            "refusal": "; ".join(reason.text("en") for reason in self.reasons) or None,
            "refusal_zh": "；".join(reason.text("zh") for reason in self.reasons) or None,
            "reasons": [{"code": one.code, "found": one.found, "needed": one.needed} for one in self.reasons],
            "card": str(self.card_path) if self.card_path else None,
            "judged": self.card.judged.as_dict() if self.card else None,
        }


@dataclass(frozen=True, slots=True)
class ScoreReport:
    """What a scoring did: how many customers have a score of the day, and what became of each model."""

    scored_on: str
    scored: int
    outcomes: tuple[Outcome, ...]
    path: Path | None = None

    @property
    def messages(self) -> tuple[str, ...]:
        """One English line per model."""
        return tuple(outcome.text("en") for outcome in self.outcomes)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, as `scores/report.json` holds it."""
        return {
            "scored_on": self.scored_on,
            "scored": self.scored,
            "models": [outcome.as_dict() for outcome in self.outcomes],
        }


def train_and_score(workspace: Workspace) -> ScoreReport:
    """Train both models on the feature mart, score with those that pass, and keep models, cards, scores and report."""
    table = read_customers(workspace)
    day = workspace.as_of_date.isoformat()
    thin = gate.thin_data(table, workspace.settings.scores)
    if thin:
        report = ScoreReport(day, 0, tuple(Outcome(name, "refused", thin) for name in MODELS))
    else:
        with one_thread():
            report = _score_all(workspace, table, day)
    store.save_report(workspace, report.as_dict())
    return report


def latest_cards(workspace: Workspace) -> list[dict[str, Any]]:
    """What became of each model in the latest scoring; an empty list where none has run."""
    report = store.load_report(workspace)
    return [] if report is None else list(report["models"])


def require_passed(card: Card) -> None:
    """Let a model score that beat its baseline on the hold-out; any other is an `OpsloopError`."""
    if not card.passed:
        raise OpsloopError(
            f"{card.model} {card.version} may not score: {not_better(card.judged).text('en')}: read its card.md"
        )


def score_churn(model: ChurnModel, card: Card, rows: pl.DataFrame) -> pl.DataFrame:
    """Probability, band and reasons of each row; refused for a model that did not pass."""
    require_passed(card)
    values = matrix(rows, model.features)
    probability = model.probability(values)
    one_time = rows["order_days"].to_numpy() == 1
    told = churn_reasons(model, values, probability, one_time)
    columns = pl.DataFrame(
        {"churn_probability": probability.round(6), "churn_band": model.bands.of(probability.round(6))}
    )
    return pl.concat([rows.select("person_id"), columns, told], how="horizontal")


def score_ltv(model: LtvModel, card: Card, rows: pl.DataFrame) -> pl.DataFrame:
    """Expected margin of each row with its interval; refused for a model that did not pass."""
    require_passed(card)
    expected = model.expected(rows)
    low, high = model.interval.around(expected)
    columns = pl.DataFrame({"ltv_expected": expected, "ltv_low": low, "ltv_high": high}).with_columns(pl.all().round(4))
    return pl.concat([rows.select("person_id"), columns], how="horizontal")


def _score_all(workspace: Workspace, table: CustomerTable, day: str) -> ScoreReport:
    from models_ml.churn import training as churn
    from models_ml.ltv import training as ltv

    version = f"{day}-{table.digest}-{RECIPE}"
    rows = consenting(workspace, table.rows("score"))
    if rows.is_empty():
        nobody = (Reason("consent", "0", "1"),)
        return ScoreReport(day, 0, tuple(Outcome(name, "refused", nobody) for name in MODELS))
    scores, outcomes, versions = rows.select("person_id"), [], []
    for name, train, score in (("churn", churn.train, score_churn), ("ltv", ltv.train, score_ltv)):
        if name == "ltv" and (missing := gate.no_margin(table)):
            outcomes.append(Outcome(name, "refused", missing))
            continue
        model, card = train(table, version, day)
        path = store.save_model(workspace, card, model)
        if card.passed:
            scores = scores.join(score(model, card, rows), on="person_id")  # type: ignore[arg-type]
            versions.append(f"{name} {version}")
            outcomes.append(Outcome(name, "scored", (), card, path))
        else:
            why = (not_better(card.judged), *gate.mostly_one_time(table))
            outcomes.append(Outcome(name, "not_passed", why, card, path))
    if not versions:
        return ScoreReport(day, 0, tuple(outcomes))
    return ScoreReport(day, rows.height, tuple(outcomes), _keep(workspace, scores, versions))


def _keep(workspace: Workspace, scores: pl.DataFrame, versions: list[str]) -> Path:
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in store.SCHEMA.items() if name not in scores.columns
    ]
    return store.save_scores(
        workspace,
        scores.with_columns(missing).with_columns(
            pl.lit(workspace.as_of_date).alias("scored_on"), pl.lit(", ".join(versions)).alias("model_version")
        ),
    )
