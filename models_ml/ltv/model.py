"""The lifetime value model: gradient boosting, BG/NBD with gamma-gamma, or their mean.

Whichever errs least on customers whose outcome it has not seen is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from models_ml.ltv.buy_till_you_die import BuyTillYouDie, History
from models_ml.ltv.interval import RatioInterval
from models_ml.table import Floats, matrix

BOOSTING = "gradient boosting"
BUY_TILL_YOU_DIE = "BG/NBD with gamma-gamma"
CANDIDATES = {
    BOOSTING: (BOOSTING,),
    BUY_TILL_YOU_DIE: (BUY_TILL_YOU_DIE,),
    "mean of gradient boosting and BG/NBD": (BOOSTING, BUY_TILL_YOU_DIE),
}
FOLDS = 3
SEED = 7


@dataclass(frozen=True, slots=True)
class LtvModel:
    """Fitted parts whose mean is the prediction, the factor that sets its total right, and its interval."""

    kind: str
    features: tuple[str, ...]
    horizon_days: int
    parts: dict[str, Any]
    scale: float
    interval: RatioInterval

    def expected(self, rows: pl.DataFrame) -> Floats:
        """Expected margin of each row over the horizon, never below zero; no row depends on another."""
        parts = [_predict(part, rows, self.features, self.horizon_days) for part in self.parts.values()]
        return np.asarray(np.maximum(np.mean(parts, axis=0) * self.scale, 0), dtype=np.float64)


def held_back(
    rows: pl.DataFrame, features: tuple[str, ...], horizon_days: int, kinds: Iterable[str]
) -> dict[str, Floats]:
    """By candidate, each row's prediction without having seen that customer's outcome; one that fails is left out."""
    needed = sorted({part for kind in kinds for part in CANDIDATES[kind]})
    parts = {part: _held_back(rows, features, horizon_days, part) for part in needed}
    fine = {part: found for part, found in parts.items() if found is not None}
    return {
        kind: np.mean([fine[part] for part in CANDIDATES[kind]], axis=0)
        for kind in kinds
        if set(CANDIDATES[kind]) <= set(fine)
    }


def fit(rows: pl.DataFrame, features: tuple[str, ...], horizon_days: int, kind: str, unseen: Floats) -> LtvModel:
    """Fit one candidate on labelled rows, and its scale and interval on its held-back predictions of the same rows."""
    actual = rows["label_margin"].to_numpy()
    scale = float(actual.sum() / max(unseen.sum(), 1e-9))
    interval = RatioInterval.fit(np.maximum(unseen * scale, 0), actual)
    parts = {part: _fit(rows, features, part) for part in CANDIDATES[kind]}
    return LtvModel(kind, features, horizon_days, parts, scale, interval)


def _held_back(rows: pl.DataFrame, features: tuple[str, ...], horizon_days: int, part: str) -> Floats | None:
    if part == BUY_TILL_YOU_DIE:
        # No outcome enters its fit; where the likelihood has no maximum it is no candidate.
        try:
            predicted = _predict(_fit(rows, features, part), rows, features, horizon_days)
        except ValueError:
            return None
        return predicted if np.isfinite(predicted).all() else None
    from sklearn.model_selection import GroupKFold, cross_val_predict

    groups = rows["person_id"].to_numpy()
    found: Floats = cross_val_predict(
        _boosting(), matrix(rows, features), _outcome(rows), groups=groups, cv=GroupKFold(FOLDS)
    )
    return found


def _fit(rows: pl.DataFrame, features: tuple[str, ...], part: str) -> Any:
    if part == BUY_TILL_YOU_DIE:
        latest = rows.filter(pl.col("cutoff_date") == rows["cutoff_date"].max())
        return BuyTillYouDie.fit(History.of(latest))
    return _boosting().fit(matrix(rows, features), _outcome(rows))


def _predict(part: Any, rows: pl.DataFrame, features: tuple[str, ...], horizon_days: int) -> Floats:
    if isinstance(part, BuyTillYouDie):
        return part.expected(History.of(rows), horizon_days)
    predicted: Floats = part.predict(matrix(rows, features))
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
    return np.asarray(np.maximum(rows["label_margin"].to_numpy(), 0), dtype=np.float64)
