"""Synthetic customers who buy at a rate of their own until they leave: histories for BG/NBD, features for churn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

SEED = 7
DAYS, HORIZON, MOST = 730, 90, 60
PARTS = 20
# The product trains on a draw of at most so many rows; others are judged by.
DRAWN, JUDGED = 20_000, 200_000


def histories(folder: Path, customers: int) -> Path:
    """A folder with `histories.parquet`: repeat purchases, day of the last one and days observed of each customer."""
    made = folder / f"histories-{customers}"
    if not (made / "histories.parquet").exists():
        made.mkdir(parents=True, exist_ok=True)
        table = pl.concat(_bought(np.random.default_rng([SEED, part]), part_of(customers)) for part in range(PARTS))
        table.select("repeats", "last", "observed").write_parquet(made / "histories.parquet")
    return made


def features(folder: Path, customers: int) -> Path:
    """A folder with `train.parquet` and `test.parquet`: what is known of each customer, and whether it then left."""
    made = folder / f"features-{customers}"
    if not (made / "test.parquet").exists():
        made.mkdir(parents=True, exist_ok=True)
        count = part_of(customers + JUDGED)
        table = pl.concat(_bought(np.random.default_rng([SEED, part, 1]), count) for part in range(PARTS))
        table.head(customers).write_parquet(made / "train.parquet")
        table.tail(JUDGED).write_parquet(made / "test.parquet")
    return made


def part_of(customers: int) -> int:
    """Customers of one part, so that memory stays small."""
    return customers // PARTS


def _bought(draw: np.random.Generator, count: int) -> pl.DataFrame:
    """One row per customer: history in whole days, features at the cut-off, `churned` within the horizon."""
    observed = draw.integers(30, DAYS, count)
    rate = draw.gamma(0.6, 1 / 25, count) + 1e-4
    leaves = draw.beta(0.8, 3.0, count)
    gaps = draw.exponential(1.0, (count, MOST)) / rate[:, None]
    stays = np.cumprod(draw.random((count, MOST)) > leaves[:, None], axis=1, dtype=np.int8).astype(bool)
    alive = np.column_stack([np.ones(count, dtype=bool), stays[:, :-1]])
    days = np.where(alive, np.ceil(np.cumsum(gaps, axis=1)), np.inf)
    seen = days <= observed[:, None]
    later = ((days > observed[:, None]) & (days <= observed[:, None] + HORIZON)).any(axis=1)
    repeats = seen.sum(axis=1)
    last = np.where(seen, days, 0).max(axis=1)
    known = {"repeats": repeats.astype(float), "last": last, "observed": observed.astype(float)}
    recency = observed - last
    visits = draw.poisson(np.where(later, 3.0, 1.0) + 20 * rate)
    amount = draw.lognormal(3.5, 0.6, count)
    return pl.DataFrame(
        {
            **known,
            "recency": recency,
            "mean_gap": np.where(repeats > 0, last / np.maximum(repeats, 1), np.nan),
            **{
                f"orders_{d}": (seen & (days > (observed - d)[:, None])).sum(axis=1).astype(float)
                for d in (30, 90, 180)
            },
            "gap_ratio": np.where(repeats > 0, recency * repeats / np.maximum(last, 1), np.nan),
            "sessions": visits.astype(float),
            "amount": amount,
            "discount": draw.beta(2, 5, count),
            "lost": draw.beta(1, 20, count),
            **{f"noise_{number}": draw.normal(size=count) for number in range(10)},
            "churned": (~later).astype(float),
        }
    )
