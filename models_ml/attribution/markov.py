"""Markov attribution: how many conversions would be lost without a channel, by exact linear algebra (T1).

A journey walks from the start over states to conversion or null; a state of order k is the last k touches, fewer at
the beginning, repeats kept. To remove a channel is to send to null whatever would enter it. Its removal effect is the
share of conversions lost by that; credit is proportional to it (Anderl, Becker, von Wangenheim & Schumann 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix, eye_array

from models_ml.attribution.table import Floats, Integers, Touches

ORDERS = range(1, 5)
# Up to here a dense solve for all channels at once is faster than a sparse one for each.
MOST_DENSE_STATES = 150


@dataclass(frozen=True, slots=True)
class Chain:
    """The moves that a path table's journeys make: which state each leaves and enters, and on which paths they lie.

    State 0 is the start. `on_path` has a row per distinct move and a column per path, holding how often the path makes
    the move; `final` is each path's last state and `channel` the last channel of each state, -1 at the start.
    """

    left: Integers
    entered: Integers
    on_path: csr_matrix
    final: Integers
    channel: Integers
    channels: int

    @classmethod
    def of(cls, touches: Touches, order: int, channels: int) -> Chain:
        """The chain of the order for these touches."""
        code = _codes(touches, order, channels)
        codes, state = np.unique(code, return_inverse=True)
        state = state + 1
        before = np.where(touches.place == 0, 0, np.concatenate([[0], state[:-1]]))
        moves, move = np.unique(before * (len(codes) + 1) + state, return_inverse=True)
        shape = (len(moves), len(touches.length))
        on_path = csr_matrix((np.ones(len(move)), (move, touches.path)), shape=shape)
        last = np.cumsum(touches.length) - 1
        channel = np.concatenate([[-1], (codes % (channels + 1)) - 1])
        return cls(moves // (len(codes) + 1), moves % (len(codes) + 1), on_path, state[last], channel, channels)

    def removal_effects(self, conversions: Floats, nulls: Floats) -> Floats:
        """Each channel's removal effect, between 0 and 1; 0 for all where nothing converted.

        `conversions` and `nulls` are counts by path. Time and memory grow with states, not with journeys.
        """
        states = len(self.channel)
        converted = np.bincount(self.final, weights=conversions, minlength=states)
        if not converted.sum() > 0:
            return np.zeros(self.channels)
        counts = self.on_path @ (conversions + nulls)
        leaving = np.bincount(self.left, weights=counts, minlength=states)
        leaving += converted + np.bincount(self.final, weights=nulls, minlength=states)
        seen = np.where(leaving > 0, leaving, 1.0)
        chance, goal = counts / seen[self.left], converted / seen
        solve = self._dense if states <= MOST_DENSE_STATES else self._sparse
        kept = solve(chance, goal)
        effects: Floats = np.clip(1.0 - kept[1:] / kept[0], 0.0, 1.0)
        return effects

    def _dense(self, chance: Floats, goal: Floats) -> Floats:
        """The chance to convert from the start, with all channels and without each in turn."""
        states = len(goal)
        moves = np.zeros((states, states))
        moves[self.left, self.entered] = chance
        removed = self.channel == np.arange(-2, self.channels)[:, None]
        removed[:2] = False
        systems = np.eye(states) - moves * ~removed[[0, *range(2, self.channels + 2)], None, :]
        solved: Floats = np.linalg.solve(systems, goal[:, None])[:, 0, 0]
        return solved

    def _sparse(self, chance: Floats, goal: Floats) -> Floats:
        """As `_dense`, one sparse solve after the other."""
        return np.array([self._without(chance, goal, c) for c in (-2, *range(self.channels))])

    def _without(self, chance: Floats, goal: Floats, removed: int) -> float:
        """The chance to convert from the start where no state of the removed channel can be entered."""
        from scipy.sparse.linalg import spsolve

        kept = self.channel[self.entered] != removed
        shape = (len(goal), len(goal))
        moves = csc_matrix((chance[kept], (self.left[kept], self.entered[kept])), shape=shape)
        return float(spsolve((eye_array(shape[0], format="csc") - moves).tocsc(), goal)[0])


def _codes(touches: Touches, order: int, channels: int) -> Integers:
    """For each touch a number that stands for it and the touches of its path before it, `order` in all."""
    code = np.zeros(len(touches.path), dtype=np.int64)
    for back in range(min(order, len(code))):
        earlier = np.zeros_like(code)
        earlier[back:] = touches.channel[: len(code) - back] + 1
        code += np.where(touches.place >= back, earlier, 0) * (channels + 1) ** back
    return code
