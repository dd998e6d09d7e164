"""Who was whom when (D6): the persons that ids made up at each time, by the time of the links between them.

An id is born at its first event. A link of that very time makes it a part of the person it was born into; any later
link between two persons merges the later named one into the earlier named one.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models_ml.identity.components import Nodes

Ints = NDArray[np.int64]
SEGMENTS = {"base": pl.Int64, "person": pl.Int64, "from": pl.Int64, "to": pl.Int64}


def segments(born: Ints, left: Nodes, right: Nodes, linked: Ints) -> tuple[Nodes, pl.DataFrame]:
    """Each node's base, and the persons that bases were and are no more: base, person, from (empty: its birth), to.

    Nodes are numbered by birth; `born` and `linked` are times in microseconds.
    """
    base = _bases(born, left, right, linked)
    apart = base[left] != base[right]
    order = np.lexsort((base[right][apart], base[left][apart], linked[apart]))
    merges = zip(*(values[apart][order].tolist() for values in (base[left], base[right], linked)), strict=True)
    absorbed = _absorbed(merges)
    rows = [row for one in absorbed for row in _lives(one, absorbed)]
    return base, pl.DataFrame(rows, schema=SEGMENTS, orient="row")


def _bases(born: Ints, left: Nodes, right: Nodes, linked: Ints) -> Nodes:
    """Each node's first ancestor by links of the time of birth; the earliest such link counts."""
    parent = np.arange(len(born), dtype=np.int32)
    at_birth = linked == born[right]
    np.minimum.at(parent, right[at_birth], left[at_birth])
    while not np.array_equal(parent[parent], parent):
        parent = parent[parent]
    return parent


def _absorbed(merges: zip[tuple[int, int, int]]) -> dict[int, tuple[int, int]]:
    """By base: when it lost its name, and to which base; the earlier base keeps its own."""
    parent: dict[int, int] = {}
    absorbed: dict[int, tuple[int, int]] = {}

    def root(node: int) -> int:
        """The base that a base goes by at this time."""
        while (above := parent.get(node, node)) != node:
            parent[node] = parent.get(above, above)
            node = above
        return node

    for one, other, at in merges:
        low, high = sorted((root(one), root(other)))
        if low != high:
            parent[high] = low
            absorbed[high] = (at, low)
    return absorbed


def _lives(base: int, absorbed: dict[int, tuple[int, int]]) -> list[tuple[int, int, int | None, int]]:
    """The persons that a base was, one after the other; those of no duration are left out."""
    rows: list[tuple[int, int, int | None, int]] = []
    person, since = base, None
    while person in absorbed:
        until, heir = absorbed[person]
        if since is None or until > since:
            rows.append((base, person, since, until))
            since = until
        person = heir
    return rows
