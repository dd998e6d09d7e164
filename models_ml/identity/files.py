"""What identity leaves in the state: each file replaced whole, so that a reader sees the old rows or the new ones.

| file | what it holds |
|---|---|
| `person_ids` | each id's person |
| `person_ids.previous` | the same before this run, so that a join of both tells whose person changed |
| `person_history` | who each id was before it was its present person (D6) |
| `person_aliases` | which present person a former person id stands for (D2) |
| `identity_audit` | what the guard held back and the undo cut (D3, D4) |
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from models_ml.identity.graph import Graph
from models_ml.identity.history import segments

_EMPTY_PERSONS = """
select
    cast(null as varchar) as id_kind, cast(null as varchar) as id_value, cast(null as varchar) as person_id,
    cast(null as timestamp) as first_seen_at
where false
"""
_EMPTY_ALIASES = """
select
    cast(null as varchar) as former_person_id, cast(null as varchar) as id_kind, cast(null as varchar) as id_value,
    cast(null as varchar) as person_id
where false
"""
_NAMES = """
create or replace temp table names as
select node as first_node, 'p_' || md5(kind || ':' || value) as person_id
from nodes semi join earliest on nodes.node = earliest.first_node
"""
_PERSON_IDS = """
select cast(nodes.kind as varchar) as id_kind, nodes.value as id_value, names.person_id, nodes.first_seen_at
from nodes
inner join earliest on nodes.node = earliest.node
inner join names on earliest.first_node = names.first_node
order by nodes.node
"""
_AUDIT = """
select
    audit.reason,
    cast(nodes.kind as varchar) as id_kind,
    nodes.value as id_value,
    coalesce(audit.other_kind, cast(other.kind as varchar)) as other_kind,
    other.value as other_value,
    audit.seen,
    audit.most,
    nodes.first_seen_at
from audit
inner join nodes on audit.node = nodes.node
left join nodes as other on audit.other_node = other.node
order by audit.reason, audit.node, 4, audit.other_node
"""
# An id has the lives of its base that end after its own birth.
_HISTORY = """
select
    cast(nodes.kind as varchar) as id_kind,
    nodes.value as id_value,
    'p_' || md5(named.kind || ':' || named.value) as person_id,
    greatest(nodes.first_seen_at, make_timestamp(lives."from")) as valid_from,
    make_timestamp(lives."to") as valid_to
from lives
inner join bases on lives.base = bases.base
inner join nodes on bases.node = nodes.node
inner join nodes as named on lives.person = named.node
where make_timestamp(lives."to") > nodes.first_seen_at
order by 1, 2, 4
"""
# A former person is whoever has the id that once named it; where no source shows that id any more, whoever has the
# earliest of its other ids, or whoever it already stood for.
_ALIASES = """
with present as (
    select distinct person_id from new_ids
), lost as (
    select person_id as former_person_id, id_kind, id_value, cast(null as varchar) as stood_for
    from old_ids
    anti join present using (person_id)
    where person_id = 'p_' || md5(id_kind || ':' || id_value)
    union
    select former_person_id, id_kind, id_value, person_id
    from old_aliases
    anti join present on old_aliases.former_person_id = present.person_id
), by_other_id as (
    select old_ids.person_id as former_person_id, arg_min(new_ids.person_id, (old_ids.first_seen_at, old_ids.id_kind,
        old_ids.id_value)) as person_id
    from old_ids
    anti join present using (person_id)
    inner join new_ids using (id_kind, id_value)
    group by old_ids.person_id
), found as (
    select
        lost.former_person_id, lost.id_kind, lost.id_value,
        coalesce(named.person_id, other.person_id, still.person_id, moved.person_id) as person_id
    from lost
    left join new_ids as named using (id_kind, id_value)
    left join by_other_id as other on lost.former_person_id = other.former_person_id
    left join present as still on lost.stood_for = still.person_id
    left join by_other_id as moved on lost.stood_for = moved.former_person_id
)
select former_person_id, any_value(id_kind) as id_kind, any_value(id_value) as id_value, min(person_id) as person_id
from found where person_id is not null
group by former_person_id
order by former_person_id
"""


def write_all(connection: duckdb.DuckDBPyConnection, folder: Path, graph: Graph) -> None:
    """Write every file, from the tables that `solve` made and the links that counted."""
    current, previous = folder / "person_ids.parquet", folder / "person_ids.previous.parquet"
    _keep(connection, current, previous)
    write_persons(connection, current)
    write_history(connection, folder / "person_history.parquet", graph)
    _write(connection, _AUDIT, folder / "identity_audit.parquet")
    _write_aliases(connection, current, previous, folder / "person_aliases.parquet")


def write_persons(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write each id's person."""
    connection.execute(_NAMES)
    _write(connection, _PERSON_IDS, path)


def write_history(connection: duckdb.DuckDBPyConnection, path: Path, graph: Graph) -> None:
    """Write who each id was before it was the person that it is; most ids never were another."""
    base, lives = segments(graph.born, graph.left, graph.right, graph.linked)
    merged = np.flatnonzero(np.isin(base, lives["base"].unique().to_numpy()))
    connection.register("of_bases", {"node": merged, "base": base[merged]})
    connection.register("of_lives", lives)
    # Tables, whose sizes the engine knows: without them it may compare all lives with all ids.
    for name in ("bases", "lives"):
        connection.execute(f"create or replace temp table {name} as from of_{name}")
    _write(connection, _HISTORY, path)


def _keep(connection: duckdb.DuckDBPyConnection, current: Path, previous: Path) -> None:
    """Copy the present file beside itself; nobody was known before the first run."""
    if not current.exists():
        _write(connection, _EMPTY_PERSONS, previous)
        return
    unfinished = previous.with_suffix(".new")
    shutil.copyfile(current, unfinished)
    unfinished.replace(previous)


def _write_aliases(connection: duckdb.DuckDBPyConnection, current: Path, previous: Path, path: Path) -> None:
    """Bring the kept map of former person ids up to date."""
    for name, file in (("new_ids", current), ("old_ids", previous)):
        connection.execute(f"create or replace temp view {name} as from read_parquet({_quoted(file)})")
    known = pl.read_parquet(path) if path.exists() else connection.sql(_EMPTY_ALIASES).pl()
    connection.register("old_aliases", known)
    _write(connection, _ALIASES, path)


def _write(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Replace the file by the query's rows at once."""
    unfinished = path.with_suffix(".new")
    connection.execute(f"copy ({query}) to {_quoted(unfinished)} (format parquet)")
    unfinished.replace(path)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
