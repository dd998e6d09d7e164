"""How sure the data-driven shares are: journeys are drawn again with replacement and the shares computed anew (T5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models_ml.attribution.markov import Chain
from models_ml.attribution.shapley import coverage_values, membership
from models_ml.attribution.table import Floats, PathTable, Touches

DRAWS = 200
SEED = 20160305
INTERVAL = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Shares:
    """Each channel's share of all credit under one model, by channel name, with the ends of its 95 % interval."""

    model: str
    share: Floats
    low: Floats
    high: Floats
    removal_effect: Floats | None = None


def data_driven_shares(table: PathTable, order: int, draws: int = DRAWS) -> list[Shares]:
    """Markov's and Shapley's shares of the table's channels; the same table gives the same intervals.

    Draws are of whole journeys: as many as there are, each path and outcome by its frequency. Shares are 0 throughout
    where nothing converted.
    """
    channels = len(table.channels)
    touches = Touches.of(table)
    chain = Chain.of(touches, order, channels)
    has = membership(touches, channels)
    conversions, nulls = table.conversions.floats(), table.nulls.floats()
    drawn = _draws(conversions, nulls, draws)
    effects = chain.removal_effects(conversions, nulls)
    markov = np.array([_share(chain.removal_effects(*one)) for one in drawn])
    shapley = np.array([_share(coverage_values(has, converted)) for converted, _ in drawn])
    return [
        _shares("markov", _share(effects), markov, effects),
        _shares("shapley", _share(coverage_values(has, conversions)), shapley, None),
    ]


def _draws(conversions: Floats, nulls: Floats, draws: int) -> list[tuple[Floats, Floats]]:
    """Counts of conversions and nulls by path, as often as asked."""
    counts = np.concatenate([conversions, nulls])
    journeys = round(float(counts.sum()))
    if not journeys:
        return [(conversions, nulls)] * draws
    generator = np.random.default_rng(SEED)
    found = generator.multinomial(journeys, counts / counts.sum(), size=draws).astype(np.float64)
    return [(row[: len(conversions)], row[len(conversions) :]) for row in found]


def _share(credit: Floats) -> Floats:
    whole = credit.sum()
    return credit / whole if whole > 0 else np.zeros_like(credit)


def _shares(model: str, share: Floats, drawn: Floats, effects: Floats | None) -> Shares:
    low, high = np.percentile(drawn, INTERVAL, axis=0)
    return Shares(model, share, low, high, effects)
