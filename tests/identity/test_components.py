"""Connected components of ids: right on the shapes that real ids make, in whatever order the edges come."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models_ml.identity.components import earliest_of_component

Edges = list[tuple[int, int]]


def _first(nodes: int, edges: Edges) -> list[int]:
    pairs = np.array(edges, dtype=np.int32).reshape(-1, 2)
    return [int(node) for node in earliest_of_component(nodes, pairs[:, 0], pairs[:, 1])]


def _brute_force(nodes: int, edges: Edges) -> list[int]:
    first = list(range(nodes))
    for _ in range(nodes):
        for a, b in edges:
            first[a] = first[b] = min(first[a], first[b])
    return first


def test_a_chain_of_300_ids_is_one_person() -> None:
    """D2: what is linked over many steps is one component."""
    assert _first(301, [(i, i + 1) for i in range(299)]) == [0] * 300 + [300]


def test_a_star_of_4000_ids_is_one_person() -> None:
    """D2: many ids around one are one component, named by the earliest."""
    assert _first(4001, [(4000, i) for i in range(4000)]) == [0] * 4001


def test_no_ids_are_no_persons() -> None:
    """An empty workspace has nobody."""
    assert _first(0, []) == []


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=15), st.randoms())
def test_any_order_of_edges_gives_the_components_found_by_brute_force(edges: Edges, random: Random) -> None:
    """D2, X7: the result is a function of the edges, not of their order or direction."""
    shuffled = [(b, a) for a, b in edges]
    random.shuffle(shuffled)
    assert _first(12, edges) == _first(12, shuffled) == _brute_force(12, edges)
