"""Lifetime value: BG/NBD and gamma-gamma against their definitions and a simulation, the interval, the baseline."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from scipy.special import hyp2f1

from models_ml.churn.baseline import RecencyRule
from models_ml.ltv.baseline import CohortMean
from models_ml.ltv.buy_till_you_die import BuyTillYouDie, History
from models_ml.ltv.interval import RatioInterval


def simulate(customers: int, seed: int = 5) -> tuple[History, np.ndarray]:
    """Customers drawn from BG/NBD (r .8, alpha 20, a .8, b 2.5) over 360 days, and their purchases in the next 90."""
    generator = np.random.default_rng(seed)
    rate = generator.gamma(0.8, 1 / 20, customers)
    leave = generator.beta(0.8, 2.5, customers)
    rows, later = [], []
    for one_rate, one_leave in zip(rate, leave, strict=True):
        clock, times, is_alive = 0.0, [], True
        while is_alive:
            clock += generator.exponential(1 / one_rate)
            if clock > 450:
                break
            times.append(clock)
            is_alive = generator.random() > one_leave
        seen = [moment for moment in times if moment <= 360]
        rows.append((len(seen), seen[-1] if seen else 0.0, 360.0, 50.0))
        later.append(len(times) - len(seen))
    numbers = np.array(rows)
    return History(*(numbers[:, place] for place in range(4))), np.array(later, dtype=float)


def test_bg_nbd_foretells_the_purchases_of_customers_drawn_from_it() -> None:
    """L2: total within 5 %, and by fifth of expectation close to what came."""
    history, later = simulate(6000)
    expected = BuyTillYouDie.fit(history).purchases(history, 90)
    assert expected.sum() == pytest.approx(later.sum(), rel=0.05)
    order = np.argsort(expected)
    for part in np.array_split(order, 5)[2:]:
        assert expected[part].mean() == pytest.approx(later[part].mean(), abs=0.05)


def test_expected_purchases_equal_the_published_formula() -> None:
    """Fader, Hardie & Lee (2005), equation 10, where it can be computed directly."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    x, last, observed, days = 2.0, 30.43, 38.86, 39.0
    z = days / (alpha + observed + days)
    gone = ((alpha + observed) / (alpha + observed + days)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
    alive = 1 + a / (b + x - 1) * ((alpha + observed) / (alpha + last)) ** (r + x)
    published = (a + b + x - 1) / (a - 1) * (1 - gone) / alive
    history = History(*(np.array([value]) for value in (x, last, observed, 1.0)))
    found = BuyTillYouDie((r, alpha, a, b), (1.0, 2.0, 1.0)).purchases(history, 39)
    assert found[0] == pytest.approx(published, rel=1e-9)
    assert found[0] == pytest.approx(1.226, abs=0.001)


def test_margin_per_purchase_lies_between_the_customers_own_and_everybodys() -> None:
    """Gamma-gamma shrinks: the fewer the purchases, the more."""
    model = BuyTillYouDie((1.0, 10.0, 1.0, 2.0), (6.0, 4.0, 15.0))
    everybody = 6.0 * 15.0 / (4.0 - 1)
    few, many = (History(*(np.array([value]) for value in (x, 1.0, 2.0, 90.0))) for x in (0.0, 50.0))
    drawn, own = model.margin_per_purchase(few)[0], model.margin_per_purchase(many)[0]
    assert everybody < drawn < own < 90


def test_the_interval_covers_the_share_it_promises() -> None:
    """Split conformal on customers not used to make it."""
    generator = np.random.default_rng(9)
    predicted = generator.gamma(2, 50, 8000)
    actual = predicted * generator.gamma(4, 0.25, 8000)
    low, high = RatioInterval.fit(predicted[:4000], actual[:4000]).around(predicted[4000:])
    inside = ((actual[4000:] >= low) & (actual[4000:] <= high)).mean()
    assert inside == pytest.approx(0.8, abs=0.03)


def test_cohort_mean_takes_the_latest_horizon_and_lends_the_youngest_cohorts_to_newer_ones() -> None:
    """The baseline has its fair best shot."""
    june, may = dt.date(2026, 6, 1), dt.date(2026, 5, 1)
    rows = pl.DataFrame(
        {
            "cutoff_date": [june] * 60 + [may] * 30,
            "tenure_days": [140] * 30 + [50] * 30 + [120] * 30,
            "label_margin": [5.0] * 30 + [20.0] * 30 + [99.0] * 30,
        }
    )
    asked = pl.DataFrame({"cutoff_date": [june] * 3, "tenure_days": [140, 50, 3]})
    assert CohortMean.fit(rows).expected(asked).tolist() == [5.0, 20.0, 20.0]


def test_recency_rule_never_falls_as_silence_grows() -> None:
    """The baseline of churn: the share that churned at the same recency, made monotone."""
    generator = np.random.default_rng(4)
    recency = generator.integers(1, 200, 3000)
    rows = pl.DataFrame({"recency_days": recency, "label_churned": generator.random(3000) < recency / 250})
    asked = pl.DataFrame({"recency_days": list(range(1, 200))})
    found = RecencyRule.fit(rows).probability(asked)
    assert (np.diff(found) >= 0).all()
    assert found[99] == pytest.approx(0.4, abs=0.08)
