"""The lifetime value model: gradient boosting, or BG/NBD with gamma-gamma, whichever errs less on held-back customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from models_ml.judging import squared_errors
from models_ml.ltv.buy_till_you_die import BuyTillYouDie, History
from models_ml.ltv.interval import RatioInterval
from models_ml.table import Floats, matrix

BOOSTING = "gradient boosting"
BUY_TILL_YOU_DIE = "BG/NBD with gamma-gamma"
FOLDS = 4
SEED = 7


@dataclass(frozen=True, slots=True)
class LtvModel:
    """A fitted model, the factor that sets its total right, and the interval around its predictions."""

    kind: str
    features: tuple[str, ...]
    horizon_days: int
    fitted: Any
    scale: float
    interval: RatioInterval

    def expected(self, rows: pl.DataFrame) -> Floats:
        """Expected margin of each row over the horizon, never below zero; no row depends on another."""
        raw = _predict(self.kind, self.fitted, rows, self.features, self.horizon_days)
        return np.asarray(np.maximum(raw * self.scale, 0), dtype=np.float64)


def choose(rows: pl.DataFrame, features: tuple[str, ...], horizon_days: int) -> tuple[str, dict[str, float]]:
    """The candidate with the least squared error on customers it has not seen at the latest cut-off, and each's error."""
    is_latest = (rows["cutoff_date"] == rows["cutoff_date"].max()).to_numpy()
    actual = rows["label_margin"].to_numpy()[is_latest]
    errors = {}
    for kind in (BOOSTING, BUY_TILL_YOU_DIE):
        try:
            predicted = held_back(rows, features, horizon_days, kind)[is_latest]
        except ValueError:
            continue
        if np.isfinite(predicted).all():
            errors[kind] = float(squared_errors(predicted, actual).mean())
    return min(errors, key=errors.__getitem__), errors


def fit(rows: pl.DataFrame, features: tuple[str, ...], horizon_days: int, kind: str) -> LtvModel:
    """Fit one candidate, its scale and its interval on labelled rows."""
    actual = rows["label_margin"].to_numpy()
    predicted = held_back(rows, features, horizon_days, kind)
    scale = float(actual.sum() / max(predicted.sum(), 1e-9))
    interval = RatioInterval.fit(np.maximum(predicted * scale, 0), actual)
    return LtvModel(kind, features, horizon_days, _fit(rows, features, kind), scale, interval)


def held_back(rows: pl.DataFrame, features: tuple[str, ...], horizon_days: int, kind: str) -> Floats:
    """Each row's prediction by a model that has not seen that customer's outcome."""
    if kind == BUY_TILL_YOU_DIE:
        return _predict(kind, _fit(rows, features, kind), rows, features, horizon_days)
    from sklearn.model_selection import GroupKFold, cross_val_predict

    predicted: Floats = cross_val_predict(
        _boosting(),
        matrix(rows, features),
        _outcome(rows),
        groups=rows["person_id"].to_numpy(),
        cv=GroupKFold(FOLDS),
    )
    return predicted


def _fit(rows: pl.DataFrame, features: tuple[str, ...], kind: str) -> Any:
    if kind == BUY_TILL_YOU_DIE:
        latest = rows.filter(pl.col("cutoff_date") == rows["cutoff_date"].max())
        return BuyTillYouDie.fit(History.of(latest))
    return _boosting().fit(matrix(rows, features), _outcome(rows))


def _predict(kind: str, fitted: Any, rows: pl.DataFrame, features: tuple[str, ...], horizon_days: int) -> Floats:
    if kind == BUY_TILL_YOU_DIE:
        model: BuyTillYouDie = fitted
        return model.expected(History.of(rows), horizon_days)
    predicted: Floats = fitted.predict(matrix(rows, features))
    return predicted


def _boosting() -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(
        loss="poisson",
        max_iter=120,
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=50,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=SEED,
    )


def _outcome(rows: pl.DataFrame) -> Floats:
    """Margin of the horizon; a loss counts as nothing here, and the scale takes it back from the total."""
    return np.maximum(rows["label_margin"].to_numpy(), 0)
