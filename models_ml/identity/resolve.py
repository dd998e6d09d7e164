"""Reads the edges between ids and writes each id's person, who it was before, former names, and what was held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np

from models_ml.identity import files
from models_ml.identity.apart import keep_apart
from models_ml.identity.components import Nodes, earliest_of_component
from models_ml.identity.graph import Graph, HeldBack, load, nodes_of, over_limits, unheld
from models_ml.identity.rules import Id, Rules, rules_of
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

EDGES = "work.intermediate.int_identity__edges"

_TOGETHER = """
insert into edges by name
select a as id_kind_a, b as id_a, c as id_kind_b, d as id_b, 'what if' as source_name, 1.0 as confidence
from (values (?, ?, ?, ?)) as pair (a, b, c, d) where a is not null
"""
_SHOWN = """
select 1 from edges where (id_kind_a = $kind and id_a = $value) or (id_kind_b = $kind and id_b = $value) limit 1
"""
# The surest link first, so that the least sure gives way where two ids must stay apart.
_LINKS_OF_COMPONENTS = """
select node_a, node_b from links
semi join kept_links using (node_a, node_b)
semi join component_nodes on links.node_a = component_nodes.node
order by confidence desc, first_seen_at, node_a, node_b
"""


@dataclass(frozen=True, slots=True)
class IdentityReport:
    """What identity came to: ids, persons, ids held back by the guard, links cut to undo, most ids of one person."""

    ids: int
    persons: int
    held_back: int
    cut: int
    largest: int


def resolve(workspace: Workspace) -> IdentityReport:
    """Write the identity files into the state, the former ones beside them; the same edges give the same files."""
    with duckdb.connect() as connection:
        _attach(connection, workspace)
        graph, report = solve(connection, EDGES, rules_of(workspace))
        files.write_all(connection, workspace.config, graph)
    return report


def persons_if(
    workspace: Workspace, path: Path, apart: Sequence[tuple[Id, Id]], together: Sequence[tuple[Id, Id]]
) -> None:
    """Write each id's person as it would be with those pairs apart and together; ids that nobody has are refused."""
    rules = rules_of(workspace)
    with duckdb.connect() as connection:
        _attach(connection, workspace)
        connection.execute(f"create temp table edges as from {EDGES}")
        _require_known(connection, [one for pair in (*apart, *together) for one in pair])
        connection.executemany(_TOGETHER, [(*a, *b) for a, b in together] or [(None,) * 4])
        solve(connection, "edges", replace(rules, apart=(*rules.apart, *apart)))
        files.write_persons(connection, path)


def _require_known(connection: duckdb.DuckDBPyConnection, named: Sequence[Id]) -> None:
    """Refuse an id that no edge shows."""
    for kind, value in named:
        if not connection.execute(_SHOWN, {"kind": kind, "value": value}).fetchall():
            raise OpsloopError(f"no source shows the {kind} {value!r}: name an id that is known")


def persons(connection: duckdb.DuckDBPyConnection, edges: str, rules: Rules) -> IdentityReport:
    """Make the tables `nodes` and `earliest` (node, first_node) from a relation of edges."""
    return solve(connection, edges, rules)[1]


def solve(connection: duckdb.DuckDBPyConnection, edges: str, rules: Rules) -> tuple[Graph, IdentityReport]:
    """Make the tables `nodes`, `earliest` and `audit` of what did not merge; the links that did come back."""
    graph = load(connection, edges)
    held = over_limits(graph, rules)
    denied = nodes_of(connection, list(rules.denied)).values()
    held += [HeldBack(node, "denied") for node in sorted(denied)]
    kept = unheld(graph, [one.node for one in held])
    graph = graph.of(kept)
    first = earliest_of_component(graph.size, graph.left, graph.right)
    cut = _undo(connection, rules, first, graph)
    if cut:
        links, size = graph.left.astype(np.int64) * graph.size + graph.right, graph.size
        graph = graph.of(~np.isin(links, [low * size + high for low, high in cut]))
    connection.register("earliest", {"node": np.arange(graph.size, dtype=np.int32), "first_node": first})
    _audit(connection, held, cut)
    sizes = np.bincount(first) if graph.size else np.zeros(1, dtype=np.int64)
    held_back = len({one.node for one in held})
    report = IdentityReport(graph.size, int(np.count_nonzero(sizes)), held_back, len(cut), int(sizes.max()))
    return graph, report


def _undo(connection: duckdb.DuckDBPyConnection, rules: Rules, first: Nodes, graph: Graph) -> list[tuple[int, int]]:
    """Split, in `first`, the components that hold both ids of a pair kept apart; the links that gave way come back."""
    known = nodes_of(connection, [one for pair in rules.apart for one in pair])
    numbered = [(known[a], known[b]) for a, b in rules.apart if a in known and b in known]
    pairs = [(a, b) for a, b in numbered if first[a] == first[b]]
    if not pairs:
        return []
    members = np.flatnonzero(np.isin(first, [first[a] for a, _ in pairs])).astype(np.int32)
    connection.register("component_nodes", {"node": members})
    connection.register("kept_links", {"node_a": graph.left, "node_b": graph.right})
    groups, refused = keep_apart(connection.execute(_LINKS_OF_COMPONENTS).fetchall(), pairs)
    for node in members.tolist():
        first[node] = groups.get(node, node)
    return refused


def _audit(connection: duckdb.DuckDBPyConnection, held: list[HeldBack], cut: list[tuple[int, int]]) -> None:
    """Make the table of what did not merge and why; a cut link is its later id, with the earlier one beside it."""
    connection.execute(
        "create or replace temp table audit"
        " (node integer, reason varchar, other_kind varchar, other_node integer, seen bigint, most bigint)"
    )
    rows: list[tuple[object, ...]] = [(o.node, o.reason, o.other_kind, None, o.seen, o.most) for o in held]
    rows += [(high, "apart", None, low, None, None) for low, high in cut]
    if rows:
        connection.executemany("insert into audit values (?, ?, ?, ?, ?, ?)", rows)


def _attach(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Make the warehouse's edges readable, or say that they are not built yet."""
    if not workspace.work_db.is_file():
        raise OpsloopError(f"{workspace.work_db} does not exist: run `opsloop run --until build` first")
    path = str(workspace.work_db).replace("'", "''")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach '{path}' as work (read_only)")
    built = connection.execute(
        "select count(*) from duckdb_tables() where database_name = 'work' and table_name = 'int_identity__edges'"
    ).fetchone()
    if built == (0,):
        raise OpsloopError(f"{workspace.work_db} has no identity edges: run `opsloop run --until build` first")
