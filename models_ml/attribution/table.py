"""A path table: each distinct path of channels with how often it converted, for how much, and how often it did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal

import numpy as np
from numpy.typing import NDArray

Path = tuple[str, ...]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Amounts:
    """Decimals of one column as whole numbers of 10^-places, so that sums are exact."""

    units: tuple[int, ...]
    places: int

    @classmethod
    def of(cls, values: Iterable[Decimal]) -> Amounts:
        """The same values, in the coarsest unit of ten that holds each exactly."""
        ratios = [value.normalize(_EXACT).as_tuple() for value in values]
        places = max((-int(r.exponent) for r in ratios), default=0)
        places = max(places, 0)
        units = tuple(
            (-1 if r.sign else 1) * int("".join(map(str, r.digits))) * 10 ** (places + int(r.exponent)) for r in ratios
        )
        return cls(units, places)

    @property
    def total(self) -> int:
        """The sum, in units."""
        return sum(self.units)

    def floats(self) -> Floats:
        """The values as the nearest floats."""
        return np.array(self.units, dtype=np.float64) / 10.0**self.places


@dataclass(frozen=True, slots=True)
class PathTable:
    """Distinct paths in a fixed order, so that no result depends on the order of the rows it was made of.

    `conversions`, `values` and `nulls` run along `paths`; `nulls` are journeys of the path that did not convert.
    """

    paths: tuple[Path, ...]
    conversions: Amounts
    values: Amounts
    nulls: Amounts

    @classmethod
    def of(cls, rows: Iterable[tuple[Path, Decimal, Decimal, Decimal]]) -> PathTable:
        """A table of (path, conversions, value, nulls) in which equal paths are one row."""
        sums: dict[Path, tuple[Decimal, Decimal, Decimal]] = {}
        for path, *numbers in rows:
            before = sums.get(path, _NOTHING)
            after = [_EXACT.add(one, two) for one, two in zip(before, numbers, strict=True)]
            sums[path] = (after[0], after[1], after[2])
        paths = tuple(sorted(sums))
        columns = [Amounts.of(sums[path][column] for path in paths) for column in range(3)]
        return cls(paths, *columns)

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel that occurs, by name."""
        return tuple(sorted({channel for path in self.paths for channel in path}))

    def places_of_touch(self) -> dict[str, int]:
        """For each channel the earliest place it takes in a path, from 0."""
        places: dict[str, int] = {}
        for path in self.paths:
            for place, channel in enumerate(path):
                places[channel] = min(place, places.get(channel, place))
        return places


_EXACT = Context(prec=200)
_NOTHING = (Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Touches:
    """The touches of all paths, end to end: the path, the place in it from 0, and the channel's number, of each."""

    path: Integers
    place: Integers
    channel: Integers
    length: Integers
    """Of each path."""

    @classmethod
    def of(cls, table: PathTable) -> Touches:
        """The table's touches; channels are numbered by name."""
        number = {channel: i for i, channel in enumerate(table.channels)}
        length = np.array([len(path) for path in table.paths], dtype=np.int64)
        path = np.repeat(np.arange(len(length)), length)
        first = np.cumsum(length) - length
        channel = np.fromiter((number[c] for p in table.paths for c in p), np.int64, count=int(length.sum()))
        return cls(path, np.arange(len(path)) - first[path], channel, length)
