"""An interval around an expected value, from how far customers fell from predictions made without seeing them.

Split conformal, in groups of like prediction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models_ml.table import Floats

COVERAGE = 0.8
GROUPS = 10


@dataclass(frozen=True, slots=True)
class RatioInterval:
    """Outcome over prediction, low and high, by group of prediction; predictions below the floor count as the floor."""

    edges: Floats
    low: Floats
    high: Floats
    floor: float

    @classmethod
    def fit(cls, predicted: Floats, actual: Floats) -> RatioInterval:
        """Learn from predictions for customers that their model had not seen."""
        edges = np.unique(np.quantile(predicted, np.linspace(0, 1, GROUPS + 1)[1:-1]))
        floor = max(float(predicted.mean()) * 0.01, 1e-9)
        group = np.digitize(predicted, edges)
        ratio = actual / np.maximum(predicted, floor)
        tail = (1 - COVERAGE) / 2
        parts = [ratio[group == place] for place in range(len(edges) + 1)]
        bounds = np.array([np.quantile(part, [tail, 1 - tail]) if len(part) else [0.0, 1.0] for part in parts])
        return cls(edges, bounds[:, 0], bounds[:, 1], floor)

    def around(self, predicted: Floats) -> tuple[Floats, Floats]:
        """Low and high bound of each prediction; the interval always holds the prediction itself."""
        group = np.digitize(predicted, self.edges)
        size = np.maximum(predicted, self.floor)
        return np.minimum(self.low[group] * size, predicted), np.maximum(self.high[group] * size, predicted)
