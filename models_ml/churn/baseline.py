"""The naive rule that a churn model must beat: who has been silent for longer is more likely gone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from models_ml.table import Floats, matrix

RULE = "the share that churned at the same recency, never falling as recency grows (isotonic bins)"


@dataclass(frozen=True, slots=True)
class RecencyRule:
    """Churn probability by days since the last order; its bins are the best monotone ones on the training rows."""

    bins: Any

    @classmethod
    def fit(cls, rows: pl.DataFrame) -> RecencyRule:
        """Learn the bins from labelled rows."""
        from sklearn.isotonic import IsotonicRegression

        recency = matrix(rows, ("recency_days",))[:, 0]
        churned = rows["label_churned"].cast(pl.Float64).to_numpy()
        return cls(IsotonicRegression(out_of_bounds="clip").fit(recency, churned))

    def probability(self, rows: pl.DataFrame) -> Floats:
        """Churn probability of each row."""
        predicted: Floats = self.bins.predict(matrix(rows, ("recency_days",))[:, 0])
        return predicted
