"""BG/NBD for how often a customer will buy and gamma-gamma for how much, both fitted by maximum likelihood.

Formulas: Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way; Fader & Hardie (2013), The Gamma-Gamma
Model of Monetary Value. A purchase is a day with an order. No label is used: both learn from what is known at a
cut-off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.optimize import minimize
from scipy.special import betaln, digamma, gammaln, hyp2f1

from models_ml.table import Floats

PENALTY = 1e-3


@dataclass(frozen=True, slots=True)
class History:
    """Repeat purchases, time of the last one and time observed (in days since the first), and margin per purchase."""

    repeats: Floats
    last: Floats
    observed: Floats
    margin: Floats

    @classmethod
    def of(cls, rows: pl.DataFrame) -> History:
        """Read it off feature rows."""
        numbers = rows.select(
            (pl.col("order_days") - 1).cast(pl.Float64).alias("repeats"),
            (pl.col("tenure_days") - pl.col("recency_days")).cast(pl.Float64).alias("last"),
            pl.col("tenure_days").cast(pl.Float64).alias("observed"),
            (pl.col("margin") / pl.col("order_days")).alias("margin"),
        ).to_numpy()
        return cls(*(numbers[:, place] for place in range(4)))


@dataclass(frozen=True, slots=True)
class BuyTillYouDie:
    """Parameters: r, alpha, a, b of BG/NBD and p, q, v of gamma-gamma."""

    counts: tuple[float, float, float, float]
    money: tuple[float, float, float]

    @classmethod
    def fit(cls, history: History) -> BuyTillYouDie:
        """Fit both on customers as known at one cut-off; raises `ValueError` where a fit does not end."""
        p, q, v = _maximize(_money_likelihood(history), (1.0, 1.0, 3.0))
        return cls(fit_counts(history), (p, q, v))

    def expected(self, history: History, horizon_days: int) -> Floats:
        """Expected margin of each customer over the horizon."""
        return self.purchases(history, horizon_days) * self.margin_per_purchase(history)

    def purchases(self, history: History, horizon_days: int) -> Floats:
        """Expected purchases of each customer over the horizon."""
        r, alpha, a, b = self.counts
        x, last, observed = history.repeats, history.last, history.observed
        z = horizon_days / (alpha + observed + horizon_days)
        # Euler's transformation keeps the hypergeometric function small for customers with many purchases.
        gone = (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, z)
        alive = 1 + (x > 0) * a / np.maximum(b + x - 1, 1e-9) * np.exp(
            (r + x) * np.log((alpha + observed) / (alpha + last))
        )
        return np.asarray((a + b + x - 1) / (a - 1) * (1 - gone) / alive, dtype=np.float64)

    def margin_per_purchase(self, history: History) -> Floats:
        """Expected margin of a purchase: the customer's own mean, drawn toward everybody's."""
        p, q, v = self.money
        purchases = history.repeats + 1
        return np.asarray(p * (v + purchases * np.maximum(history.margin, 0)) / (p * purchases + q - 1))


def fit_counts(history: History) -> tuple[float, float, float, float]:
    """The parameters of BG/NBD alone; raises `ValueError` where the fit does not end."""
    r, alpha, a, b = _maximize(_count_likelihood(history), (0.0, 3.0, -0.5, 1.0), has_slope=True)
    return r, alpha, a, b


def _maximize(log_likelihood: Any, start: tuple[float, ...], *, has_slope: bool = False) -> tuple[float, ...]:
    """The parameters, all positive, that maximise a mean log likelihood with a slight pull of their logarithms to 0.

    One with a slope gives its value and the derivative by each parameter.
    """

    def loss(logs: Floats) -> Any:
        parameters = np.exp(logs)
        found = log_likelihood(*parameters)
        pull = PENALTY * np.sum(logs**2)
        if not has_slope:
            return float(pull - found)
        return float(pull - found[0]), 2 * PENALTY * logs - found[1] * parameters

    bounds = [(-8.0, 12.0)] * len(start)
    found = minimize(loss, np.asarray(start), method="L-BFGS-B", bounds=bounds, jac=has_slope)
    if not np.isfinite(found.fun):
        raise ValueError("the likelihood has no finite maximum")
    return tuple(float(value) for value in np.exp(found.x))


def _count_likelihood(history: History) -> Any:
    """Mean log likelihood of BG/NBD and its slope; what depends on one number only is computed once per value of it."""
    (x, last, observed), weight = _distinct(history.repeats, history.last, history.observed)
    times, of_time = np.unique(np.concatenate([last, observed]), return_inverse=True)
    of_last, of_observed = of_time[: len(x)], of_time[len(x) :]
    counts, of_count = np.unique(x, return_inverse=True)
    by_count = np.bincount(of_count, weight)

    def value(r: float, alpha: float, a: float, b: float) -> tuple[float, Floats]:
        by_x = gammaln(r + counts) - gammaln(r) + r * np.log(alpha) + betaln(a, b + counts) - betaln(a, b)
        leaving = np.where(counts > 0, a / np.where(counts > 0, b + counts - 1, 1), 0)
        log, share = np.log(alpha + times), 1 / (alpha + times)
        silence = log[of_observed] - log[of_last]
        gone = leaving[of_count] * np.exp((r + x) * silence)
        found = by_count @ by_x + weight @ (np.log1p(gone) - (r + x) * log[of_observed])
        dead = weight * gone / (1 + gone)
        dead_by_x = np.bincount(of_count, dead)
        step = share[of_observed] - share[of_last]
        both = digamma(a + b) - digamma(a + b + counts)
        repeat = counts > 0
        slope = (
            by_count @ (digamma(r + counts) - digamma(r) + np.log(alpha)) - weight @ log[of_observed] + dead @ silence,
            r / alpha - weight @ ((r + x) * share[of_observed]) + dead @ ((r + x) * step),
            by_count @ both + dead_by_x.sum() / a,
            by_count @ (both + digamma(b + counts) - digamma(b)) - dead_by_x[repeat] @ (1 / (b + counts[repeat] - 1)),
        )
        return float(found), np.array(slope)

    return value


def _money_likelihood(history: History) -> Any:
    paying = history.margin > 0
    purchases, mean = history.repeats[paying] + 1, history.margin[paying]
    if not len(mean):
        raise ValueError("no customer brought a margin")

    def value(p: float, q: float, v: float) -> float:
        shape = p * purchases
        likelihood = -betaln(shape, q) + q * np.log(v) + (shape - 1) * np.log(mean) + shape * np.log(purchases)
        return float(np.mean(likelihood - (shape + q) * np.log(v + purchases * mean)))

    return value


def _distinct(*columns: Floats) -> tuple[tuple[Floats, ...], Floats]:
    """Distinct rows, column by column, and the share of each: the likelihood is the same and much faster."""
    table = pl.DataFrame({str(place): column for place, column in enumerate(columns)})
    found = table.group_by(table.columns).len("n").sort(table.columns)
    shares = found["n"].to_numpy() / found["n"].sum()
    return tuple(found[name].to_numpy() for name in table.columns), shares
