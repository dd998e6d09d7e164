"""Persons as connected components of ids, whatever the order of the edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def earliest_of_component(nodes: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each node 0 … nodes-1 the smallest node of its component; the edges join left[i] and right[i]."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if nodes == 0:
        return np.empty(0, dtype=np.int64)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    _, smallest = np.unique(component, return_index=True)
    first: NDArray[np.int64] = np.asarray(smallest, dtype=np.int64)[component]
    return first
