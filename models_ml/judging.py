"""How good predictions were on a hold-out: losses, the gain over a baseline with its interval, calibration."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from models_ml.table import Floats

RESAMPLES = 1000
SEED = 20170101
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much a model's mean loss is below the baseline's, with its bootstrap interval over customers."""

    metric: str
    model: float
    baseline: float
    gain: float
    low: float
    high: float

    @property
    def is_real(self) -> bool:
        """Whether the interval lies above zero."""
        return self.low > 0

    def as_dict(self) -> dict[str, Any]:
        """The figures, for a card."""
        return asdict(self)


def gain(metric: str, model_losses: Floats, baseline_losses: Floats) -> Gain:
    """Compare losses per customer; the interval resamples customers, with a fixed seed."""
    difference = baseline_losses - model_losses
    generator = np.random.default_rng(SEED)
    size = len(difference)
    means = [difference[generator.integers(0, size, size)].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Gain(
        metric,
        float(model_losses.mean()),
        float(baseline_losses.mean()),
        float(difference.mean()),
        float(low),
        float(high),
    )


def log_losses(probability: Floats, happened: Floats) -> Floats:
    """Log loss of each prediction, in nats; probabilities are kept away from 0 and 1."""
    bounded = np.clip(probability, 1e-4, 1 - 1e-4)
    return -(happened * np.log(bounded) + (1 - happened) * np.log(1 - bounded))


def squared_errors(predicted: Floats, actual: Floats) -> Floats:
    """Squared error of each prediction; of a probability, its Brier score."""
    return np.asarray((predicted - actual) ** 2, dtype=np.float64)


def ranking(probability: Floats, happened: Floats) -> float:
    """Area under the ROC curve: how often one who left was ranked above one who stayed."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(happened, probability))


def calibration(predicted: Floats, actual: Floats, groups: int = 10) -> list[dict[str, float]]:
    """Mean prediction and mean outcome in groups of equal size, ordered by prediction."""
    order = np.argsort(predicted, kind="stable")
    return [
        {
            "customers": len(part),
            "predicted": float(predicted[part].mean()),
            "observed": float(actual[part].mean()),
        }
        for part in np.array_split(order, groups)
        if len(part)
    ]


def calibration_error(table: list[dict[str, float]]) -> float:
    """Expected calibration error: mean distance of prediction and outcome over the groups, weighted by size."""
    customers = sum(row["customers"] for row in table)
    return sum(row["customers"] * abs(row["predicted"] - row["observed"]) for row in table) / customers
