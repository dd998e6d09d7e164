"""Connected components by scipy alone: the edges' ids numbered by pandas, no guard, no times."""

from __future__ import annotations

from typing import Any

from benchmarks.fresh import Task


def components(task: Task) -> dict[str, Any]:
    """Ids to numbers by factorizing, then one call."""
    import numpy as np
    import pandas as pd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    with task.measured():
        edges = pd.read_parquet(task.data / "edges.parquet", columns=["id_kind_a", "id_a", "id_kind_b", "id_b"])
        ids = pd.concat([edges["id_kind_a"] + ":" + edges["id_a"], edges["id_kind_b"] + ":" + edges["id_b"]])
        numbers, names = pd.factorize(ids)
        left, right = numbers[: len(edges)], numbers[len(edges) :]
        graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(len(names), len(names)))
        count, _ = connected_components(graph, directed=False)
    return {"components": int(count)}
