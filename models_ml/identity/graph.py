"""The edges of the warehouse as numbered ids and links between them, and the ids that the guard holds back (D3)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb
import numpy as np
from numpy.typing import NDArray

from models_ml.identity.components import Nodes
from models_ml.identity.rules import Id, Rules

# In the order of the alphabet, by which ties of time are broken.
KINDS = ("crm_contact", "customer_id", "email_hash", "external_userid", "openid", "phone_hash", "unionid", "user_id")
Flags = NDArray[np.bool_]

# Ids are numbered by the time of their first event, so that the smallest number of a component is its earliest id.
_IDS = """
create temp table ids as
select kind, value, min(seen) as first_seen_at, {key} as key
from (
    select cast(id_kind_a as id_kind) as kind, id_a as value, first_seen_at as seen from {edges}
    union all
    select cast(id_kind_b as id_kind), id_b, first_seen_at from {edges}
) group by kind, value
"""
_NODES = """
create temp table nodes as
select
    cast(row_number() over (order by first_seen_at nulls last, kind, value) - 1 as integer) as node,
    kind, value, first_seen_at, key
from ids
"""
_LINKS = """
create temp table links as
select
    least(a.node, b.node) as node_a,
    greatest(a.node, b.node) as node_b,
    min(edges.first_seen_at) as first_seen_at,
    max(edges.confidence) as confidence
from (
    select {key_a} as key_a, {key_b} as key_b, first_seen_at, confidence from {edges}
    where id_a <> id_b or id_kind_a <> id_kind_b
) as edges
inner join nodes as a on edges.key_a = a.key
inner join nodes as b on edges.key_b = b.key
group by 1, 2
"""
_MICROS = f"coalesce(epoch_us(first_seen_at), {np.iinfo(np.int64).max})"
_KEY = "hash(cast({kind} as id_kind), {value})"
_EXACT_KEY = "{kind} || ':' || {value}"


@dataclass(frozen=True, slots=True)
class Graph:
    """Ids 0 … n-1: their kinds and births; links between them, the smaller id first, and when both were first seen.

    Times are microseconds since 1970, the largest number where no time is known.
    """

    kinds: NDArray[np.uint8]
    born: NDArray[np.int64]
    left: Nodes
    right: Nodes
    linked: NDArray[np.int64]

    @property
    def size(self) -> int:
        """How many ids there are."""
        return len(self.kinds)

    def of(self, kept: Flags) -> Graph:
        """The same ids with the links under the mask."""
        return replace(self, left=self.left[kept], right=self.right[kept], linked=self.linked[kept])


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An id that merges nobody: over a limit, with what it was seen with, or denied."""

    node: int
    reason: str
    other_kind: str | None = None
    seen: int | None = None
    most: int | None = None


def load(connection: duckdb.DuckDBPyConnection, edges: str) -> Graph:
    """Make the tables `nodes` and `links` from the relation of edges, and return them as a graph."""
    connection.execute(f"create type id_kind as enum ({', '.join(repr(kind) for kind in KINDS)})")
    pattern = _KEY
    connection.execute(_IDS.format(edges=edges, key=pattern.format(kind="kind", value="value")))
    if connection.execute("select count(*) <> count(distinct key) from ids").fetchall() == [(True,)]:
        # Two ids with one 64-bit hash: once in a hundred thousand companies of ten million ids.
        pattern = _EXACT_KEY
        connection.execute(f"alter table ids alter key type varchar using {pattern.format(kind='kind', value='value')}")
    connection.execute(_NODES)
    connection.execute("drop table ids")
    sides = {f"key_{side}": pattern.format(kind=f"id_kind_{side}", value=f"id_{side}") for side in "ab"}
    connection.execute(_LINKS.format(edges=edges, **sides))
    nodes = connection.execute(f"select node, enum_code(kind) as kind, {_MICROS} as born from nodes").fetchnumpy()
    links = connection.execute(f"select node_a, node_b, {_MICROS} as linked from links").fetchnumpy()
    kinds, born = np.empty(len(nodes["node"]), np.uint8), np.empty(len(nodes["node"]), np.int64)
    kinds[nodes["node"]], born[nodes["node"]] = nodes["kind"], nodes["born"]
    left, right, linked = (np.asarray(links[name]) for name in ("node_a", "node_b", "linked"))
    return Graph(kinds, born, left, right, linked)


def over_limits(graph: Graph, rules: Rules) -> list[HeldBack]:
    """Ids seen with more ids of another kind than the limit of that pair of kinds."""
    found = []
    for code, other in enumerate(KINDS):
        seen = np.zeros(graph.size, dtype=np.int32)
        for one, ones_other in ((graph.left, graph.right), (graph.right, graph.left)):
            seen += np.bincount(one[graph.kinds[ones_other] == code], minlength=graph.size).astype(np.int32)
        for kind, most in [(kind, most) for (kind, of), most in rules.limits.items() if of == other]:
            over = np.flatnonzero((graph.kinds == KINDS.index(kind)) & (seen > most))
            found += [HeldBack(int(node), "limit", other, int(seen[node]), most) for node in over]
    return sorted(found, key=lambda one: (one.node, one.other_kind or ""))


def nodes_of(connection: duckdb.DuckDBPyConnection, wanted: list[Id]) -> dict[Id, int]:
    """The numbers of the given ids; ids that no source shows are left out."""
    if not wanted:
        return {}
    connection.execute("create or replace temp table wanted (kind id_kind, value varchar)")
    connection.executemany("insert into wanted values (?, ?)", wanted)
    rows = connection.execute("select kind, value, node from nodes semi join wanted using (kind, value)").fetchall()
    return {(kind, value): node for kind, value, node in rows}


def unheld(graph: Graph, held: list[int]) -> Flags:
    """Whether each link is between two ids that are not held back."""
    back = np.zeros(graph.size, dtype=np.bool_)
    back[held] = True
    kept: Flags = ~(back[graph.left] | back[graph.right])
    return kept
