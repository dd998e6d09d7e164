"""Why a customer is at risk: which group of features raises the probability above that of a typical customer."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models_ml.churn.model import ChurnModel
from models_ml.table import Floats

REASONS = 3
LEAST_EFFECT = 0.01
# Reason code: the features that speak for it. The words of each code, in both languages, are the seed churn_reasons.
GROUPS: dict[str, tuple[str, ...]] = {
    "silent_for_long": ("recency_days",),
    "overdue_for_own_rhythm": ("gap_ratio", "last_gap_days"),
    "buys_seldom": ("mean_gap_days", "longest_gap_days"),
    "irregular_rhythm": ("std_gap_days",),
    "few_recent_orders": ("orders_30", "orders_90", "orders_180"),
    "short_history": ("tenure_days", "order_days"),
    "low_spend": ("revenue_mean", "margin_mean", "margin_30", "margin_90", "margin_180"),
    "discount_buyer": ("discount_rate",),
    "refunds_or_cancellations": ("lost_rate", "cancellations"),
    "few_recent_visits": ("sessions_30", "sessions_90", "session_recency_days"),
}
# Said of everyone with one order day: gaps that do not exist cannot explain anything.
ONE_ORDER = "bought_once"
ONE_ORDER_SPEAKS_FOR = ("buys_seldom", "irregular_rhythm", "overdue_for_own_rhythm")
CODES = (*GROUPS, ONE_ORDER)


def reasons(model: ChurnModel, values: Floats, probability: Floats, is_one_time: NDArray[np.bool_]) -> pl.DataFrame:
    """Up to three codes per row, strongest first: what would lower the probability most if it were typical."""
    codes, effects = _effects(model, values, probability)
    _give_to_one_order(codes, effects, is_one_time)
    order = np.argsort(-effects, axis=1, kind="stable")[:, :REASONS]
    strength = np.take_along_axis(effects, order, axis=1)
    return pl.DataFrame(
        {
            f"churn_reason_{rank + 1}": pl.Series(
                [codes[code] if effect >= LEAST_EFFECT else None for code, effect in ranked], dtype=pl.String
            )
            for rank in range(REASONS)
            for ranked in [list(zip(order[:, rank].tolist(), strength[:, rank].tolist(), strict=True))]
        }
    )


def _effects(model: ChurnModel, values: Floats, probability: Floats) -> tuple[list[str], Floats]:
    """By how much each group of features raises each row's probability; the last column is for one-time buyers."""
    codes = [code for code, names in GROUPS.items() if set(names) & set(model.features)]
    effects = np.zeros((len(values), len(codes) + 1))
    for column, code in enumerate(codes):
        places = [model.features.index(name) for name in GROUPS[code] if name in model.features]
        changed = values.copy()
        changed[:, places] = model.typical[places]
        effects[:, column] = probability - model.probability(changed)
    return [*codes, ONE_ORDER], effects


def _give_to_one_order(codes: list[str], effects: Floats, is_one_time: NDArray[np.bool_]) -> None:
    """Move what missing gaps explain to the one reason that is true of a one-time buyer, in place."""
    for column in (codes.index(code) for code in ONE_ORDER_SPEAKS_FOR if code in codes):
        effects[is_one_time, -1] += effects[is_one_time, column]
        effects[is_one_time, column] = 0
