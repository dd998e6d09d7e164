"""Bands of churn probability, measured against how many of the company's customers leave anyway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from models_ml.table import Floats


@dataclass(frozen=True, slots=True)
class Bands:
    """Where the medium and the high band begin; a fixed pair would put all or none of some companies into one band."""

    medium_from: float
    high_from: float

    @classmethod
    def around(cls, share: float) -> Bands:
        """Medium from the share that churns on average, high from halfway between that and certainty."""
        return cls(round(share, 3), round((1 + share) / 2, 3))

    def of(self, probability: Floats) -> pl.Series:
        """The band of each probability: `low`, `medium` or `high`."""
        places = np.digitize(probability, [self.medium_from, self.high_from])
        return pl.Series("churn_band", np.array(["low", "medium", "high"])[places].tolist(), dtype=pl.String)

    def in_words(self) -> tuple[str, str]:
        """The thresholds in English and Chinese."""
        return (
            f"Bands: high from a probability of {self.high_from}, medium from {self.medium_from} (the average share "
            "that churns), else low.",
            f"分档：概率不低于 {self.high_from} 为高，不低于 {self.medium_from}（平均流失比例）为中，其余为低。",
        )
