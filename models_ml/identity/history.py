"""Who was whom when (D6): the persons that ids made up at each time, by the time of the links between them.

An id is born at its first event. A link of that very time makes it a part of the person it was born into; any later
link between two persons merges the later named one into the earlier named one.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
SEGMENTS = {"base": pl.Int64, "person": pl.Int64, "from": pl.Int64, "to": pl.Int64}


def segments(born: Ints, left: Ints, right: Ints, linked: Ints) -> tuple[Ints, pl.DataFrame]:
    """Each node's base, and for each base that was merged the persons it was: base, person, from, to (empty: still).

    Nodes are numbered by birth; `born` and `linked` are times. Bases that were never merged are left out.
    """
    base = _bases(born, left, right, linked)
    apart = base[left] != base[right]
    order = np.lexsort((base[right][apart], base[left][apart], linked[apart]))
    merges = zip(*(values[apart][order].tolist() for values in (base[left], base[right], linked)), strict=True)
    absorbed = _absorbed(merges)
    rows = [row for one in absorbed for row in _lives(one, absorbed)]
    return base, pl.DataFrame(rows, schema=SEGMENTS, orient="row")


def _bases(born: Ints, left: Ints, right: Ints, linked: Ints) -> Ints:
    """Each node's first ancestor by links of the time of birth; the earliest such link counts."""
    parent = np.arange(len(born))
    for one, other in ((left, right), (right, left)):
        at_birth = (linked == born[one]) & (other < one)
        np.minimum.at(parent, one[at_birth], other[at_birth])
    while not np.array_equal(parent[parent], parent):
        parent = parent[parent]
    return parent


def _absorbed(merges: zip[tuple[int, int, int]]) -> dict[int, tuple[int, int]]:
    """By base: when it lost its name, and to which base; the earlier base keeps its own."""
    parent: dict[int, int] = {}
    absorbed: dict[int, tuple[int, int]] = {}

    def root(node: int) -> int:
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


def _lives(base: int, absorbed: dict[int, tuple[int, int]]) -> list[tuple[int, int, int | None, int | None]]:
    """The persons that a base was, one after the other; those of no duration are left out."""
    rows: list[tuple[int, int, int | None, int | None]] = []
    person, since = base, None
    while person in absorbed:
        until, heir = absorbed[person]
        if since is None or until > since:
            rows.append((base, person, since, until))
            since = until
        person = heir
    rows.append((base, person, since, None))
    return rows
