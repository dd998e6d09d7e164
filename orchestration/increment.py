"""Whether a build may replace slices of the warehouse, and what it needs for that (X7).

The warehouse itself remembers through which batch, as of when and from which project and settings it was built. A build
goes in steps; one that does not find the warehouse as the step before left it builds its tables whole. So whatever
fails, is stopped or is built by itself in between, the next build is right, only slower.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import duckdb

from ingestion import lake, registry
from opsloop.workspace import Workspace
from orchestration import transform


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a build: the models that dbt builds, and what Python computes from them for the next one."""

    select: tuple[str, ...]
    exclude: tuple[str, ...]
    then: Callable[[Workspace], Any]


def _resolve(workspace: Workspace) -> Any:
    from models_ml import identity

    return identity.resolve(workspace)


def _weigh(workspace: Workspace) -> Any:
    from models_ml import attribution

    return attribution.weigh(workspace)


_IDENTIFIED = "+int_identity__edges"
_WEIGHED = "+int_attribution__path_counts"

# In the order of a build; whoever builds in other pieces builds whole.
STEPS: Mapping[str, Step] = {
    "before_identity": Step((_IDENTIFIED,), (), _resolve),
    "before_weights": Step((_WEIGHED,), (_IDENTIFIED,), _weigh),
    "marts": Step((), (_IDENTIFIED, _WEIGHED), lambda _: None),
}

_BEGIN = """
insert into slices.run
select 0, false, built.batch, built.as_of, now.through, now.until
from (select ? as through, as_of as until, ? as made_of from workspace.settings) as now
left join slices.built on built.made_of = now.made_of and built.as_of <= now.until
"""
_VIEWS = """
select schema_name, view_name, sql from duckdb_views()
where database_name = current_database() and schema_name in ('staging', 'intermediate')
"""
# Schema and name.
View = tuple[str, str]
_RELATION = re.compile(r'(?:"?\w+"?\.)?"?\b(landing_\w+|staging|intermediate)"?\."?(\w+)"?')


@contextmanager
def step(workspace: Workspace, name: str) -> Iterator[None]:
    """Ready the warehouse for one step of a build, and note when it is done; a step that fails is not."""
    number = list(STEPS).index(name)
    transform.prepare(workspace)
    with duckdb.connect(str(workspace.work_db)) as connection:
        since = _open(connection, workspace, number)
        if since is not None:
            _attach_arriving(connection, workspace, since)
    yield
    with duckdb.connect(str(workspace.work_db)) as connection:
        _close(connection, workspace, number)


def forget(workspace: Workspace) -> None:
    """Let the next build be whole: something is built that is no step of a build, or all is wanted anew."""
    transform.prepare(workspace)
    with duckdb.connect(str(workspace.work_db)) as connection:
        connection.execute("delete from slices.built; delete from slices.run")


def _open(connection: duckdb.DuckDBPyConnection, workspace: Workspace, number: int) -> int | None:
    """The batch after which rows are new, nothing where the step builds tables whole; from now on it is under way."""
    connection.begin()
    if number == 0:
        connection.execute("delete from slices.run")
        built = connection.execute("select coalesce(max(batch), 0) from slices.built").fetchall()[0][0]
        connection.execute(_BEGIN, [lake.last_batch(workspace), made_of(workspace, built)])
    connection.execute("delete from slices.built")
    connection.execute("delete from slices.run where is_open or step <> ?", [number])
    connection.execute("update slices.run set is_open = true")
    connection.commit()
    found = connection.execute("select since from slices.run").fetchone()
    return None if found is None else found[0]


def _close(connection: duckdb.DuckDBPyConnection, workspace: Workspace, number: int) -> None:
    """Note that the step is done; after the last one of a row without a break the warehouse is whole."""
    connection.begin()
    connection.execute("update slices.run set step = ?, is_open = false", [number + 1])
    for through, until in connection.execute("select through, until from slices.run").fetchall():
        if number + 1 == len(STEPS):
            row = [through, until, made_of(workspace, through)]
            connection.execute("insert into slices.built values (?, ?, ?)", row)
            connection.execute("delete from slices.run")
    connection.commit()


def _attach_arriving(connection: duckdb.DuckDBPyConnection, workspace: Workspace, since: int) -> None:
    """Make the views over the lake that models ask for again, in the schema `arriving`, over later batches alone."""
    later = [entry for entry in lake.batches(workspace) if entry.batch > since]
    streams = {
        (f"landing_{found.name}", one.name): (found, one) for found in registry.discover() for one in found.streams
    }
    bodies = {(schema, name): sql.split(" AS ", 1)[1] for schema, name, sql in connection.execute(_VIEWS).fetchall()}
    reads = {view: set(_RELATION.findall(body)) & (bodies.keys() | streams.keys()) for view, body in bodies.items()}
    renamed: dict[View, str] = {}
    for view in _in_order(reads, _asked_for()):
        if view in streams:
            body, name = lake.stream_sql(workspace, *streams[view], later), ".".join(view)
        elif any(read in renamed for read in reads[view]):
            body, name = _RELATION.sub(lambda found: renamed.get((found[1], found[2]), found[0]), bodies[view]), view[1]
        else:
            continue
        renamed[view] = f'arriving."{name}"'
        connection.execute(f"create or replace view {renamed[view]} as {body}")


def _asked_for() -> set[str]:
    """Names of the views that models read as `arriving`."""
    models = (path.read_text(encoding="utf-8") for path in transform.PROJECT.glob("models/**/*.sql"))
    return {name for model in models for name in re.findall(r"arriving\(ref\('(\w+)'\)\)", model)}


def _in_order(reads: dict[View, set[View]], names: set[str]) -> Iterator[View]:
    """These views and all that they read, each after what it reads."""
    wanted = [view for view in reads if view[1] in names]
    for view in wanted:
        wanted += reads.get(view, set()) - set(wanted)
    yield from TopologicalSorter({view: reads.get(view, set()) for view in wanted}).static_order()


def made_of(workspace: Workspace, through: int) -> str:
    """A checksum over what decides the tables beside later batches and the day: project, settings, lake so far."""
    landed = [(entry.batch, entry.data) for entry in lake.batches(workspace) if entry.batch <= through]
    settings = workspace.settings.model_dump_json(exclude={"as_of", "memory_limit"})
    return hashlib.sha256("\n".join([transform.project_checksum(), settings, json.dumps(landed)]).encode()).hexdigest()
