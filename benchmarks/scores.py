"""The product's scores on synthetic customers: the BG/NBD fit's cost, the churn model's ranking."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from benchmarks.fresh import Task
from models_ml import judging
from models_ml.churn import model as churn
from models_ml.ltv import buy_till_you_die
from models_ml.table import Floats
from models_ml.threads import one_thread


def bg_nbd(task: Task) -> dict[str, Any]:
    """Fit how often customers buy, and expect the purchases of the next 90 days."""
    rows = pl.read_parquet(task.data / "histories.parquet").to_numpy()
    history = buy_till_you_die.History(rows[:, 0], rows[:, 1], rows[:, 2], np.ones(len(rows)))
    with task.measured():
        counts = buy_till_you_die.fit_counts(history)
    fitted = buy_till_you_die.BuyTillYouDie(counts, (1.0, 2.0, 1.0))
    return {"purchases": round(float(fitted.purchases(history, 90).mean()), 2)}


def churn_ranking(task: Task) -> dict[str, Any]:
    """Choose and fit as the product does, on half of the customers; the AUC on the other half."""
    train, test = (pl.read_parquet(task.data / f"{name}.parquet") for name in ("train", "test"))
    features = tuple(name for name in train.columns if name != "churned")
    rows = train.rename({"churned": "label_churned"}).with_row_index("person_id")
    churned = churn.labels(rows)
    with task.measured(), one_thread():
        unseen = churn.held_back(rows, features, churn.CANDIDATES)
        kind = min(unseen, key=lambda each: float(judging.log_losses(unseen[each], churned).mean()))
        model = churn.fit(rows, features, kind, unseen[kind])
        found: Floats = model.probability(test.select(features).to_numpy())
    return {"AUC": judging.ranking(found, test["churned"].to_numpy()), "kind": kind}
