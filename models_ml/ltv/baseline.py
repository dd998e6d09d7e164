"""The naive guess that a lifetime value model must beat: everybody brings what the cohort brought on average."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from models_ml.table import Floats

RULE = "the mean margin of the customer's cohort (month of first order) over the latest closed horizon"
LEAST_OF_A_COHORT = 30


@dataclass(frozen=True, slots=True)
class CohortMean:
    """Mean margin by cohort; a cohort too young or too small takes the mean of the youngest that has one."""

    means: pl.DataFrame
    otherwise: float

    @classmethod
    def fit(cls, rows: pl.DataFrame) -> CohortMean:
        """Learn from the latest cut-off of labelled rows."""
        latest = rows.filter(pl.col("cutoff_date") == rows["cutoff_date"].max())
        means = (
            latest.with_columns(cohort=_cohort())
            .group_by("cohort")
            .agg(pl.len().alias("customers"), pl.col("label_margin").mean().alias("mean"))
            .filter(pl.col("customers") >= LEAST_OF_A_COHORT)
            .sort("cohort")
        )
        overall = latest.select(pl.col("label_margin").mean()).item()
        return cls(means, float(means["mean"][-1] if means.height else overall))

    def expected(self, rows: pl.DataFrame) -> Floats:
        """Expected margin of each row, in the order of the rows."""
        joined = rows.select(cohort=_cohort()).join(self.means, on="cohort", how="left", maintain_order="left")
        return joined["mean"].fill_null(self.otherwise).to_numpy()


def _cohort() -> pl.Expr:
    return (pl.col("cutoff_date") - pl.duration(days=pl.col("tenure_days"))).dt.strftime("%Y-%m")
