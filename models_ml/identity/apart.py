"""Undoing merges (D4): two ids that the company declares apart are never one person, whatever links them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# Which of a pair's two sides a group of nodes holds, by the pair's number.
Sides = dict[int, int]


@dataclass(slots=True)
class Groups:
    """Disjoint sets of nodes that know which sides of which pairs they hold."""

    parent: dict[int, int] = field(default_factory=dict)
    sides: dict[int, Sides] = field(default_factory=dict)

    def root(self, node: int) -> int:
        """The smallest node of the group."""
        self.parent.setdefault(node, node)
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def join(self, one: int, other: int) -> bool:
        """Make two groups one, unless that would bring both sides of a pair together."""
        low, high = sorted((self.root(one), self.root(other)))
        if low == high:
            return True
        ours, theirs = self.sides.get(low, {}), self.sides.get(high, {})
        if any(pair in ours and ours[pair] != side for pair, side in theirs.items()):
            return False
        self.parent[high] = low
        if theirs:
            self.sides[low] = {**ours, **theirs}
        return True


def keep_apart(
    links: Iterable[tuple[int, int]], pairs: Sequence[tuple[int, int]]
) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """The smallest node of each linked node's group, and the links refused, so that no pair shares a group.

    Links are taken in the given order, the surest first, so that the least sure give way.
    """
    groups = Groups()
    for number, pair in enumerate(pairs):
        for side, node in enumerate(pair):
            groups.sides.setdefault(node, {})[number] = side
    refused = [link for link in links if not groups.join(*link)]
    for pair in pairs:
        for node in pair:
            groups.root(node)
    return {node: groups.root(node) for node in groups.parent}, refused
