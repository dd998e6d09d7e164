"""What a demo run is asked for: days, size and seed, and the random streams that follow from them."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Bools: TypeAlias = npt.NDArray[np.bool_]

# The company's zone has no daylight saving, so local time is a fixed offset and stays vectorised.
ZONE = "Asia/Shanghai"
OFFSET_SECONDS = 8 * 3600
DAY = 86_400

# Measured: people that one web event stands for, by days of history; in a longer one the same people come more often.
PEOPLE_PER_EVENT = ((30, 0.205), (90, 0.192), (420, 0.136), (790, 0.129))
SMALL_EVENTS = 200_000
FULL_EVENTS = 10_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """The days, the size and the seed of one demo company."""

    start: dt.date
    until: dt.date
    events: int
    seed: int

    @property
    def days(self) -> int:
        """How many days of history there are, the last one included."""
        return (self.until - self.start).days + 1

    @property
    def scale(self) -> float:
        """The size against the small demo of the same length."""
        return self.events / SMALL_EVENTS

    @property
    def people(self) -> int:
        """How many people it takes to make about that many events."""
        days, share = zip(*PEOPLE_PER_EVENT, strict=True)
        return int(self.events * np.interp(self.days, days, share))

    @property
    def midnight(self) -> int:
        """Epoch seconds of the first day's midnight in the company's zone."""
        return (self.start - dt.date(1970, 1, 1)).days * DAY - OFFSET_SECONDS

    @property
    def end(self) -> int:
        """Seconds from the first midnight to the end of the last day."""
        return self.days * DAY

    def rng(self, name: str) -> np.random.Generator:
        """A random stream of its own for each part, so that one part's draws never move another's."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def day_index(self, day: dt.date) -> int:
        """The day's position, 0 being the first."""
        return (day - self.start).days

    def date(self, index: int) -> dt.date:
        """The day at a position."""
        return self.start + dt.timedelta(days=int(index))

    def back(self, days: int) -> int:
        """The position of the day that lies so many days before the last, or as near as a short history allows."""
        return max(self.days - 1 - days, self.days // 4)

    def months(self) -> list[tuple[str, int, int]]:
        """Each calendar month as (YYYYMM, first day's position, last day's position + 1)."""
        found: list[tuple[str, int, int]] = []
        first = 0
        for index in range(1, self.days + 1):
            if index == self.days or self.date(index).month != self.date(first).month:
                found.append((f"{self.date(first):%Y%m}", first, index))
                first = index
        return found


def months_before(day: dt.date, months: int) -> dt.date:
    """The day that many calendar months earlier; the 29th to 31st become the 28th."""
    total = day.year * 12 + day.month - 1 - months
    return dt.date(total // 12, total % 12 + 1, min(day.day, 28))


def pick(rng: np.random.Generator, weights: npt.ArrayLike, size: int) -> Ints:
    """Draw positions in proportion to the weights."""
    cumulative = np.cumsum(np.asarray(weights, dtype=float))
    drawn = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
    found: Ints = np.minimum(drawn, len(cumulative) - 1).astype(np.int64)
    return found
