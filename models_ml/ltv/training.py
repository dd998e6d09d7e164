"""Trains a lifetime value model, judges it on the hold-out and writes its card."""

from __future__ import annotations

import numpy as np

from models_ml import judging
from models_ml.card import Card
from models_ml.describing import data_of, segments_of
from models_ml.ltv import baseline
from models_ml.ltv.interval import COVERAGE
from models_ml.ltv.model import BOOSTING, CANDIDATES, LtvModel, fit, held_back
from models_ml.table import CustomerTable, Floats

NAME = "ltv"
LIMITS = (
    (
        "Margin is gross revenue less cost of goods, cancellations and refunds; where a company gives no cost, it is "
        "net revenue. Marketing cost is not in it.",
        "毛利 = 总收入 − 商品成本 − 取消 − 退款；未提供成本时为净收入；不含营销费用。",
    ),
    (
        f"The interval is meant to hold {COVERAGE:.0%} of customers, not their mean, and is wide for good reason.",
        f"区间按覆盖 {COVERAGE:.0%} 的客户个体而定，并非均值的区间。",
    ),
    (
        "One-time buyers are scored by the same model; most bring nothing in the horizon, so their expected value is a "
        "small chance of a whole order.",
        "只购买过一次的客户由同一模型评分；多数在预测期内不再购买，期望值是小概率的一笔订单。",
    ),
)


def train(table: CustomerTable, version: str, scored_on: str) -> tuple[LtvModel, Card]:
    """Choose and judge on the past, then fit what was chosen on all closed horizons; the card tells what was judged."""
    features = table.features
    train_rows, holdout = table.sample("train"), table.rows("holdout")
    unseen = held_back(train_rows, features, table.horizon_days, CANDIDATES)
    actual = train_rows["label_margin"].to_numpy()
    errors = {kind: float(judging.squared_errors(found, actual).mean()) for kind, found in unseen.items()}
    kind = min(errors, key=errors.__getitem__)
    model = fit(train_rows, features, table.horizon_days, kind, unseen[kind])
    naive = baseline.CohortMean.fit(table.rows("train")).expected(holdout)
    card = _card(table, version, scored_on, errors, model, naive)
    return _fit_again(table, kind), card


def _fit_again(table: CustomerTable, kind: str) -> LtvModel:
    """Fit the chosen candidate with the hold-out included; gradient boosting stands in for one that fails on it."""
    closed, features = table.sample("train", "holdout"), table.features
    found = held_back(closed, features, table.horizon_days, [kind]) or held_back(
        closed, features, table.horizon_days, [BOOSTING]
    )
    ((fitted, unseen),) = found.items()
    return fit(closed, features, table.horizon_days, fitted, unseen)


def _card(
    table: CustomerTable,
    version: str,
    scored_on: str,
    candidates: dict[str, float],
    model: LtvModel,
    naive: Floats,
) -> Card:
    holdout = table.rows("holdout")
    actual = holdout["label_margin"].to_numpy()
    expected = model.expected(holdout)
    return Card(
        model=NAME,
        version=version,
        scored_on=scored_on,
        horizon_days=table.horizon_days,
        predicts=(
            f"Net margin expected of a customer within {table.horizon_days} days, in the reporting currency.",
            f"客户在 {table.horizon_days} 天内预期带来的净毛利（报告货币）。",
        ),
        kind=model.kind,
        candidates=candidates,
        data=data_of(table),
        features=model.features,
        baseline=baseline.RULE,
        judged=judging.gain(
            "mean squared error", judging.squared_errors(expected, actual), judging.squared_errors(naive, actual)
        ),
        figures=_figures(model, actual, expected, naive),
        segments=segments_of(holdout, expected, actual),
        calibration=judging.calibration(expected, actual),
        limits=LIMITS,
    )


def _figures(model: LtvModel, actual: Floats, expected: Floats, naive: Floats) -> dict[str, float]:
    """What else there is to say of the hold-out: level, absolute error, and how often the interval held."""
    low, high = model.interval.around(expected)
    absolute = judging.gain("mean absolute error", np.abs(expected - actual), np.abs(naive - actual))
    return {
        "mean margin": float(actual.mean()),
        "mean prediction": float(expected.mean()),
        "mean absolute error": absolute.model,
        "mean absolute error of the baseline": absolute.baseline,
        "absolute gain": absolute.gain,
        "absolute gain, low": absolute.low,
        "absolute gain, high": absolute.high,
        "share inside the interval": float(((actual >= low) & (actual <= high)).mean()),
    }
