"""lifetimes and LightGBM on the same customers."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from benchmarks.fresh import Task


def bg_nbd(task: Task) -> dict[str, Any]:
    """Lifetimes' fit, and its expectation of the next 90 days."""
    warnings.simplefilter("ignore")
    from lifetimes import BetaGeoFitter

    rows = pq.read_table(task.data / "histories.parquet").to_pandas()
    fitter = BetaGeoFitter(penalizer_coef=0.0)
    with task.measured():
        fitter.fit(rows["repeats"], rows["last"], rows["observed"])
    times = (rows[name] for name in ("repeats", "last", "observed"))
    expected = fitter.conditional_expected_number_of_purchases_up_to_time(90, *times)
    return {"purchases": round(float(pd.Series(expected).mean()), 2)}


def churn_ranking(task: Task) -> dict[str, Any]:
    """LightGBM as it comes, on half of the customers; the AUC on the other half."""
    import lightgbm
    from scipy.stats import rankdata

    train, test = (pq.read_table(task.data / f"{name}.parquet").to_pandas() for name in ("train", "test"))
    features = [name for name in train.columns if name != "churned"]
    model = lightgbm.LGBMClassifier(n_jobs=1, random_state=7, verbose=-1, **task.options.get("settings", {}))
    with task.measured():
        model.fit(train[features], train["churned"])
        found = model.predict_proba(test[features])[:, 1]
    gone = test["churned"].to_numpy() == 1
    ranks = rankdata(found)
    above = ranks[gone].sum() - gone.sum() * (gone.sum() + 1) / 2
    return {"AUC": float(above / (gone.sum() * (~gone).sum()))}
