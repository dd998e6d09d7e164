"""Reads the edges between ids, holds back those that would merge too much, and writes each id's person and an audit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from models_ml.identity.components import earliest_of_component
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

# An id seen with more users than this is no person's own: a shared mailbox, a shop's till (D3).
MOST_USERS_PER_ID = 20

# Ids are numbered by the time of their first event, so that the smallest number of a component is its earliest id.
_PREPARE = """
create temp table nodes as
with seen as (
    select id_kind_a as id_kind, id_a as id_value, first_seen_at from work.intermediate.int_identity__edges
    union all
    select id_kind_b, id_b, first_seen_at from work.intermediate.int_identity__edges
), firsts as (
    select id_kind, id_value, min(first_seen_at) as first_seen_at from seen group by id_kind, id_value
)
select row_number() over (order by first_seen_at nulls last, id_kind, id_value) - 1 as node, * from firsts;

create temp table links as
select distinct a.node as node_a, b.node as node_b, a.id_kind as kind_a, b.id_kind as kind_b
from work.intermediate.int_identity__edges as edges
inner join nodes as a on edges.id_kind_a = a.id_kind and edges.id_a = a.id_value
inner join nodes as b on edges.id_kind_b = b.id_kind and edges.id_b = b.id_value
where a.node <> b.node;

create temp table held_back as
with users as (
    select node_a as node, node_b as other from links where kind_b = 'user_id'
    union
    select node_b, node_a from links where kind_a = 'user_id'
)
select node, count(*) as users from users group by node having count(*) > {limit};
"""
_KEPT = """
select node_a, node_b from links
anti join held_back as a on links.node_a = a.node
anti join held_back as b on links.node_b = b.node
"""
_PERSON_IDS = """
select
    nodes.id_kind,
    nodes.id_value,
    'p_' || md5(first.id_kind || ':' || first.id_value) as person_id,
    nodes.first_seen_at
from nodes
inner join earliest on nodes.node = earliest.node
inner join nodes as first on earliest.first_node = first.node
order by nodes.node
"""
_AUDIT = """
select id_kind, id_value, cast(users as bigint) as users, cast({limit} as bigint) as most_users, first_seen_at
from held_back inner join nodes using (node)
order by node
"""


@dataclass(frozen=True, slots=True)
class IdentityReport:
    """What identity came to: ids, persons, ids held back by the guard, and the most ids of one person."""

    ids: int
    persons: int
    held_back: int
    largest: int


def resolve(workspace: Workspace) -> IdentityReport:
    """Write `person_ids.parquet` and `identity_audit.parquet` into the state; the same edges give the same files."""
    with duckdb.connect() as connection:
        _attach(connection, workspace)
        connection.execute(_PREPARE.format(limit=MOST_USERS_PER_ID))
        links = connection.execute(_KEPT).fetchnumpy()
        nodes = _count(connection, "nodes")
        first = earliest_of_component(nodes, np.asarray(links["node_a"]), np.asarray(links["node_b"]))
        connection.register("earliest", {"node": np.arange(nodes, dtype=np.int64), "first_node": first})
        held_back = _count(connection, "held_back")
        _write(connection, _PERSON_IDS, workspace.config / "person_ids.parquet")
        _write(connection, _AUDIT.format(limit=MOST_USERS_PER_ID), workspace.config / "identity_audit.parquet")
    sizes = np.bincount(first) if nodes else np.zeros(1, dtype=np.int64)
    return IdentityReport(nodes, int(np.count_nonzero(sizes)), held_back, int(sizes.max()))


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


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Replace the file by the query's rows at once, so that a reader sees the old rows or the new ones."""
    temporary = path.with_suffix(".new")
    target = str(temporary).replace("'", "''")
    connection.execute(f"copy ({query}) to '{target}' (format parquet)")
    temporary.replace(path)
