"""Bands of churn probability: fixed thresholds, so that a band means the same in every company and on every day."""

from __future__ import annotations

import numpy as np
import polars as pl

from models_ml.table import Floats

MEDIUM_FROM = 0.2
HIGH_FROM = 0.5
BANDS_IN_WORDS = (
    f"high from a probability of {HIGH_FROM}, medium from {MEDIUM_FROM}, else low.",
    f"概率不低于 {HIGH_FROM} 为高，不低于 {MEDIUM_FROM} 为中，其余为低。",
)


def bands(probability: Floats) -> pl.Series:
    """The band of each probability: `low`, `medium` or `high`."""
    places = np.digitize(probability, [MEDIUM_FROM, HIGH_FROM])
    return pl.Series("churn_band", np.array(["low", "medium", "high"])[places].tolist(), dtype=pl.String)
