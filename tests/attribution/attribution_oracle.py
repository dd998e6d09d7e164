"""Attribution by brute force, written apart from the product: enumeration, walks, matrices, coalitions in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise, permutations

import numpy as np

# A path with how often it converted, for how much, and how often it did not.
Row = tuple[tuple[str, ...], int, int, int]


def credited(rows: Iterable[Row], share: Callable[[Sequence[str]], Sequence[Fraction]]) -> dict[str, Fraction]:
    """Conversions by channel where each path's touches get these shares."""
    found: dict[str, Fraction] = {}
    for path, conversions, _, _ in rows:
        for channel, part in zip(path, share(path), strict=True):
            found[channel] = found.get(channel, Fraction(0)) + conversions * part
    return found


def removal_effects(rows: Sequence[Row], order: int) -> dict[str, float]:
    """Share of conversions lost without each channel: the walk is followed until hardly anybody is on the way."""
    moves: dict[tuple[str, ...], Counter[tuple[str, ...] | bool]] = {}
    for path, conversions, _, nulls in rows:
        state: tuple[str, ...] = ()
        for touch in path:
            after = (*state, touch)[-order:]
            moves.setdefault(state, Counter())[after] += conversions + nulls
            state = after
        moves.setdefault(state, Counter()).update({True: conversions, False: nulls})
    channels = sorted({touch for path, *_ in rows for touch in path})
    whole = _walked(moves, None)
    return {channel: 1 - _walked(moves, channel) / whole if whole else 0.0 for channel in channels}


def _walked(moves: dict[tuple[str, ...], Counter[tuple[str, ...] | bool]], removed: str | None) -> float:
    """The chance to convert from the start, by walking on until less than 1e-13 is on the way."""
    here: dict[tuple[str, ...], float] = {(): 1.0}
    converted = 0.0
    while sum(here.values()) > 1e-13:
        there: dict[tuple[str, ...], float] = {}
        for state, mass in here.items():
            total = sum(moves[state].values())
            for after, count in moves[state].items():
                part = mass * count / total if total else 0.0
                if after is True:
                    converted += part
                elif isinstance(after, tuple) and after[-1] != removed:
                    there[after] = there.get(after, 0.0) + part
        here = there
    return converted


def worth(rows: Iterable[Row], coalition: set[str], game: str) -> float:
    """What a coalition of channels is worth: conversions of the paths within it, or their rate."""
    inside = [(conversions, nulls) for path, conversions, _, nulls in rows if set(path) <= coalition]
    conversions = sum(one for one, _ in inside)
    journeys = conversions + sum(one for _, one in inside)
    return float(conversions) if game == "coverage" else conversions / journeys if journeys else 0.0


def shapley(rows: Sequence[Row], game: str) -> dict[str, float]:
    """The mean of what each channel adds, over all orders in which channels may join."""
    channels = sorted({touch for path, *_ in rows for touch in path})
    added = dict.fromkeys(channels, 0.0)
    worths: dict[frozenset[str], float] = {}
    orders = list(permutations(channels))
    for joined in orders:
        before = 0.0
        for i, channel in enumerate(joined, start=1):
            coalition = frozenset(joined[:i])
            if coalition not in worths:
                worths[coalition] = worth(rows, set(coalition), game)
            added[channel] += worths[coalition] - before
            before = worths[coalition]
    return {channel: total / len(orders) for channel, total in added.items()}


def first_order(rows: Sequence[Row]) -> dict[str, float]:
    """Removal effects of order 1 by the fundamental matrix of the absorbing chain (Kemeny & Snell), without its rest.

    Of all who would convert, those who ever enter a channel are lost without it: the chance to enter it times the
    chance to convert from there.
    """
    channels = sorted({touch for path, *_ in rows for touch in path})
    number = {channel: i + 1 for i, channel in enumerate(channels)}
    size = len(channels) + 1
    counts, goal, total = np.zeros((size, size)), np.zeros(size), np.zeros(size)
    for path, conversions, _, nulls in rows:
        walk = [0, *(number[touch] for touch in path)]
        for here, there in pairwise(walk):
            counts[here, there] += conversions + nulls
            total[here] += conversions + nulls
        goal[walk[-1]] += conversions
        total[walk[-1]] += conversions + nulls
    seen = np.where(total > 0, total, 1)
    fundamental = np.linalg.inv(np.eye(size) - counts / seen[:, None])
    chance = fundamental @ (goal / seen)
    if not chance[0]:
        return dict.fromkeys(channels, 0.0)
    entered = fundamental[0] / np.diag(fundamental)
    return {channel: entered[i] * chance[i] / chance[0] for channel, i in number.items()}
