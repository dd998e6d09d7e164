"""The judge of models: the gain over a baseline, its interval, and calibration."""

from __future__ import annotations

import numpy as np
import pytest

from models_ml import judging


def test_a_small_gain_in_few_noisy_customers_is_not_real_and_in_many_it_is() -> None:
    """L4: the interval decides, not the mean."""
    generator = np.random.default_rng(1)
    for size, real in ((50, False), (20_000, True)):
        noise = generator.normal(0, 1, size)
        assert judging.gain("loss", np.zeros(size), noise + 0.05).is_real is real


def test_the_interval_of_the_gain_is_that_of_a_mean() -> None:
    """The bootstrap agrees with the normal interval where that holds."""
    losses = np.random.default_rng(2).normal(1, 2, 4000)
    found = judging.gain("loss", np.zeros(4000), losses)
    half = 1.96 * losses.std() / 4000**0.5
    assert found.low == pytest.approx(losses.mean() - half, abs=half / 8)
    assert found.high == pytest.approx(losses.mean() + half, abs=half / 8)


def test_a_worse_model_has_a_negative_gain() -> None:
    """The sign: positive is better than the baseline."""
    found = judging.gain("loss", np.full(10, 2.0), np.full(10, 1.0))
    assert (found.gain, found.is_real) == (-1.0, False)


def test_calibration_error_is_the_weighted_distance() -> None:
    """Two groups, one right and one off by .4, of equal size."""
    predicted = np.array([0.1] * 10 + [0.9] * 10)
    happened = np.array([0.0] * 9 + [1.0] + [1.0] * 5 + [0.0] * 5)
    assert judging.calibration_error(judging.calibration(predicted, happened, 2)) == pytest.approx(0.2)


def test_losses_are_those_of_the_textbook() -> None:
    """Log loss in nats, squared error, area under the curve."""
    assert judging.log_losses(np.array([0.5]), np.array([1.0]))[0] == pytest.approx(np.log(2))
    assert judging.squared_errors(np.array([0.5]), np.array([1.0]))[0] == 0.25
    assert judging.ranking(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0.0, 1.0, 1.0])) == 0.75
