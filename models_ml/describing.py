"""What a card says of the data and of segments, the same for every model."""

from __future__ import annotations

from typing import Any

import polars as pl

from models_ml.table import CustomerTable, Floats

SEGMENTS = {
    "one-time buyers": pl.col("order_days") == 1,
    "repeat buyers": pl.col("order_days") > 1,
    "silent for over 90 days": pl.col("recency_days") > 90,
}


def data_of(table: CustomerTable) -> dict[str, Any]:
    """Rows, customers and cut-offs that a model was trained on, judged on and scores."""
    train, holdout, score = table.sample("train"), table.rows("holdout"), table.rows("score")
    return {
        "digest": table.digest,
        "training_rows": train.height,
        "training_customers": train["person_id"].n_unique(),
        "training_cutoffs": [str(day) for day in train["cutoff_date"].unique().sort()],
        "holdout_customers": holdout.height,
        "holdout_cutoff": str(holdout["cutoff_date"][0]),
        "scored_customers": score.height,
        "score_cutoff": str(score["cutoff_date"][0]),
    }


def segments_of(rows: pl.DataFrame, predicted: Floats, actual: Floats) -> dict[str, dict[str, float]]:
    """Mean prediction and mean outcome of the segments that have customers."""
    found = {}
    for name, condition in SEGMENTS.items():
        inside = rows.select(condition).to_series().to_numpy()
        if inside.any():
            found[name] = {
                "customers": float(inside.sum()),
                "predicted": float(predicted[inside].mean()),
                "observed": float(actual[inside].mean()),
            }
    return found
