"""Shapley attribution: the mean of what a channel adds to a coalition, over all orders in which channels may join (T1).

A coalition is worth the conversions of the paths whose channels all lie in it (Zhao, Mahboobi & Bagheri 2018). In that
game each path is a game of its own that its channels win together, so that the Shapley value has a closed form: each
path's conversions in equal parts to its distinct channels. In the game of rates a coalition is worth conversions per
journey among those paths, which has no closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np

from models_ml.attribution.table import Floats, Touches

MOST_EXACT_CHANNELS = 15
SAMPLES = 4000
SEED = 20160305


@dataclass(frozen=True, slots=True)
class ShapleyValues:
    """Each channel's value, and the largest standard error among them: 0 where they are exact."""

    values: Floats
    samples: int = 0
    largest_error: float = 0.0


def membership(touches: Touches, channels: int) -> Floats:
    """Which channels (columns) each path (row) has, as 0 and 1."""
    has = np.zeros((len(touches.length), channels))
    has[touches.path, touches.channel] = 1.0
    return has


def coverage_values(has: Floats, conversions: Floats) -> Floats:
    """Each channel's Shapley value where a coalition is worth its paths' conversions; they sum to all conversions."""
    values: Floats = (conversions / has.sum(axis=1)) @ has
    return values


def rate_values(has: Floats, conversions: Floats, nulls: Floats) -> ShapleyValues:
    """Each channel's Shapley value where a coalition is worth conversions per journey; they sum to the whole rate.

    Exact up to 15 channels, by the sums over all subsets; above it over sampled orders, with the error stated.
    """
    if has.shape[1] <= MOST_EXACT_CHANNELS:
        return ShapleyValues(_exact(has, conversions, nulls))
    return _sampled(has, conversions, nulls)


def _exact(has: Floats, conversions: Floats, nulls: Floats) -> Floats:
    channels = has.shape[1]
    sets = (has @ (2 ** np.arange(channels))).astype(np.int64)
    own = [np.bincount(sets, weights=n, minlength=2**channels).astype(np.float64) for n in (conversions, nulls)]
    worth = _rates(*(_subset_sums(sums, channels) for sums in own))
    coalition = np.arange(2**channels)
    size = np.bitwise_count(coalition).astype(np.int64)
    chance = [factorial(s) * factorial(channels - s - 1) / factorial(channels) for s in range(channels)]
    values = np.zeros(channels)
    for channel in range(channels):
        without = coalition[coalition & (1 << channel) == 0]
        values[channel] = np.take(chance, size[without]) @ (worth[without | (1 << channel)] - worth[without])
    return values


def _subset_sums(own: Floats, channels: int) -> Floats:
    """For each coalition the sum over all coalitions within it (the zeta transform)."""
    sums = own.copy()
    for channel in range(channels):
        halves = sums.reshape(-1, 2, 1 << channel)
        halves[:, 1] += halves[:, 0]
    return sums


def _rates(conversions: Floats, nulls: Floats) -> Floats:
    journeys = conversions + nulls
    return np.divide(conversions, journeys, out=np.zeros_like(journeys), where=journeys > 0)


def _sampled(has: Floats, conversions: Floats, nulls: Floats) -> ShapleyValues:
    """Means over random orders; a path joins a coalition with the last of its channels."""
    channels = has.shape[1]
    generator = np.random.default_rng(SEED)
    added = np.zeros((SAMPLES, channels))
    member = has > 0
    for sample in range(SAMPLES):
        order = generator.permutation(channels)
        place = np.empty(channels, dtype=np.int64)
        place[order] = np.arange(channels)
        complete = np.where(member, place, -1).max(axis=1)
        own = [np.bincount(complete, weights=n, minlength=channels).astype(np.float64) for n in (conversions, nulls)]
        added[sample, order] = np.diff(_rates(*(np.cumsum(sums) for sums in own)), prepend=0.0)
    error = added.std(axis=0, ddof=1) / np.sqrt(SAMPLES)
    return ShapleyValues(added.mean(axis=0), SAMPLES, float(error.max()))
