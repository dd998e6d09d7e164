"""Natural process limits: how far single values lie from their mean by themselves (XmR).

Wheeler, *Understanding Variation*: the mean plus and minus 2.66 times the mean moving range. What lies beyond is a
signal; what lies within is noise, whatever its sign.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Three sigma of single values by their mean moving range: 3 / 1.128 (Wheeler).
NATURAL = 2.66


@dataclass(frozen=True, slots=True)
class Limits:
    """A mean, and how far single values lie from it by themselves."""

    mean: float
    swing: float

    @property
    def low(self) -> float:
        """The lower limit."""
        return self.mean - self.swing

    @property
    def high(self) -> float:
        """The upper limit."""
        return self.mean + self.swing

    def is_signal(self, value: float) -> bool:
        """Whether a value lies beyond the limits, by more than the last digits of a float."""
        beyond = abs(value - self.mean) - self.swing
        return beyond > 1e-9 * max(abs(self.mean), abs(value))


def natural_limits(values: Sequence[float]) -> Limits:
    """The limits that at least two values in their order give."""
    moves = [abs(after - before) for before, after in pairwise(values)]
    return Limits(math.fsum(values) / len(values), NATURAL * math.fsum(moves) / len(moves))
