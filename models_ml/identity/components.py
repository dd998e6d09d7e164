"""Persons as connected components of ids, whatever the order of the edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Nodes = NDArray[np.int32]


def earliest_of_component(nodes: int, left: Nodes, right: Nodes) -> Nodes:
    """For each node 0 … nodes-1 the smallest node of its component; the edges join left[i] and right[i]."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if nodes == 0:
        return np.empty(0, dtype=np.int32)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(nodes, nodes))
    count, component = connected_components(graph, directed=False)
    smallest = np.empty(count, dtype=np.int32)
    # Written from the last node to the first, so that the smallest of each component stays.
    smallest[component[::-1]] = np.arange(nodes - 1, -1, -1, dtype=np.int32)
    first: Nodes = smallest[component]
    return first
