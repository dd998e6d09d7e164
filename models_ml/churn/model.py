"""The churn model: logistic regression, gradient boosting or their mean, calibrated.

Whichever does best on customers it has not seen is used; a sigmoid fitted on the same predictions sets them right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from models_ml.churn.bands import Bands
from models_ml.table import Floats, matrix

# Name of the candidate: the estimators whose probabilities it averages.
CANDIDATES = {
    "logistic regression": ("logistic",),
    "gradient boosting": ("boosting",),
    "mean of both": ("logistic", "boosting"),
}
FOLDS = 3
SEED = 7


@dataclass(frozen=True, slots=True)
class ChurnModel:
    """Estimators whose mean is the raw probability, the sigmoid that calibrates it, the typical customer, the bands."""

    kind: str
    features: tuple[str, ...]
    estimators: tuple[Any, ...]
    slope: float
    intercept: float
    typical: Floats
    bands: Bands

    def probability(self, values: Floats) -> Floats:
        """Calibrated churn probability of each row of feature values; no row depends on another."""
        raw = np.mean([one.predict_proba(values)[:, 1] for one in self.estimators], axis=0)
        return _sigmoid(self.slope * _logit(raw) + self.intercept)


def estimator(name: str) -> Any:
    """An unfitted estimator, preprocessing included."""
    return _logistic() if name == "logistic" else _boosting()


def _logistic() -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        FunctionTransformer(signed_log),
        StandardScaler(),
        LogisticRegression(C=0.05, max_iter=1000),
    )


def _boosting() -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.05,
        max_leaf_nodes=5,
        min_samples_leaf=80,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=SEED,
    )


def signed_log(values: Floats) -> Floats:
    """Logarithm of one plus the size, with the sign kept: counts and money on one scale."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)), dtype=np.float64)


def held_back(rows: pl.DataFrame, features: tuple[str, ...], kinds: Iterable[str]) -> dict[str, Floats]:
    """By candidate, each row's raw probability by estimators that have seen none of that customer's rows."""
    needed = sorted({name for kind in kinds for name in CANDIDATES[kind]})
    parts = {name: _held_back(rows, features, name) for name in needed}
    return {kind: np.mean([parts[name] for name in CANDIDATES[kind]], axis=0) for kind in kinds}


def fit(rows: pl.DataFrame, features: tuple[str, ...], kind: str, unseen: Floats) -> ChurnModel:
    """Fit one candidate on labelled rows, and its calibration on its held-back probabilities of the same rows."""
    from sklearn.linear_model import LogisticRegression

    names = CANDIDATES[kind]
    churned = labels(rows)
    sigmoid = LogisticRegression(C=1e6).fit(_logit(unseen).reshape(-1, 1), churned)
    values = matrix(rows, features)
    return ChurnModel(
        kind=kind,
        features=features,
        estimators=tuple(estimator(name).fit(values, churned) for name in names),
        slope=float(sigmoid.coef_[0, 0]),
        intercept=float(sigmoid.intercept_[0]),
        typical=np.nanmedian(values, axis=0),
        bands=Bands.around(float(churned.mean())),
    )


def _held_back(rows: pl.DataFrame, features: tuple[str, ...], name: str) -> Floats:
    from sklearn.model_selection import GroupKFold, cross_val_predict

    predicted: Floats = cross_val_predict(
        estimator(name),
        matrix(rows, features),
        labels(rows),
        groups=rows["person_id"].to_numpy(),
        cv=GroupKFold(FOLDS),
        method="predict_proba",
    )[:, 1]
    return predicted


def labels(rows: pl.DataFrame) -> Floats:
    """1 where the customer churned, 0 where not."""
    return rows["label_churned"].cast(pl.Float64).to_numpy()


def _logit(probability: Floats) -> Floats:
    bounded = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(bounded / (1 - bounded)), dtype=np.float64)


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float64)
