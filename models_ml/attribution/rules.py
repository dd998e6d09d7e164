"""Rule models: how one path's credit is shared among its touches, as exact fractions that sum to 1 (T1)."""

from __future__ import annotations

from fractions import Fraction

RULES = ("first", "last", "linear", "position", "decay")
POSITION = (Fraction(2, 5), Fraction(2, 5))
HALF_LIFE = 7.0


def shares(
    model: str, touches: int, *, position: tuple[Fraction, Fraction] = POSITION, half_life: float = HALF_LIFE
) -> list[Fraction]:
    """Each touch's share of a path of so many touches, from the first to the last.

    `position` is what the first and the last touch get, the rest going evenly to those between; with nothing between,
    first and last share in that proportion. `half_life` is in touches: a touch that far before the last has half of
    the last one's credit.
    """
    if model == "first":
        raw = [Fraction(place == 0) for place in range(touches)]
    elif model == "last":
        raw = [Fraction(place == touches - 1) for place in range(touches)]
    elif model == "linear":
        raw = [Fraction(1)] * touches
    elif model == "position":
        raw = _by_position(touches, *position)
    else:
        raw = [Fraction(2.0 ** ((place - touches + 1) / half_life)) for place in range(touches)]
    total = sum(raw)
    return [share / total for share in raw]


def _by_position(touches: int, first: Fraction, last: Fraction) -> list[Fraction]:
    if touches == 1 or (touches == 2 and first + last == 0):
        return [Fraction(1)] * touches
    if touches == 2:
        return [first, last]
    return [first, *[(1 - first - last) / (touches - 2)] * (touches - 2), last]
