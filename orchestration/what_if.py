"""What a merge or a split of persons would do to attributed revenue, found before it is done (D4).

The marts between persons and attribution are built again in a copy of the warehouse, with the models themselves.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

from models_ml.identity import persons_if
from models_ml.identity.rules import Id
from opsloop.workspace import Workspace
from orchestration import transform
from orchestration.lock import run_lock

BETWEEN = "source:workspace.person_ids+,+fct_attribution"
_EFFECT = """
with sums as (
    select person_id, attribution_model, channel, attributed_conversions, attributed_revenue, 0 as is_after
    from was.marts.fct_attribution
    union all
    select person_id, attribution_model, channel, attributed_conversions, attributed_revenue, 1
    from work.marts.fct_attribution
)
select
    person_id,
    attribution_model,
    channel,
    coalesce(sum(attributed_conversions) filter (where is_after = 0), 0) as conversions_before,
    coalesce(sum(attributed_conversions) filter (where is_after = 1), 0) as conversions_after,
    coalesce(sum(attributed_revenue) filter (where is_after = 0), 0) as revenue_before,
    coalesce(sum(attributed_revenue) filter (where is_after = 1), 0) as revenue_after
from sums
group by person_id, attribution_model, channel
having revenue_before <> revenue_after or conversions_before <> conversions_after
order by person_id, attribution_model, channel
"""


def effect_on_revenue(
    workspace: Workspace, apart: Sequence[tuple[Id, Id]] = (), together: Sequence[tuple[Id, Id]] = ()
) -> pl.DataFrame:
    """Attributed conversions and revenue before and after, by person, model and channel, where they differ.

    `apart` and `together` are pairs of ids, each as (kind, value) as the warehouse has them; an unknown id is an
    `OpsloopError`. The workspace itself is left as it is. What data-driven models have learned stays as it was.
    """
    scratch = workspace.state / "what_if"
    with run_lock(workspace):
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        try:
            _build_copy(workspace, scratch, apart, together)
            return _compare(workspace, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            os.environ["OPSLOOP_WORK_DB"] = str(workspace.work_db)


def _build_copy(
    workspace: Workspace, scratch: Path, apart: Sequence[tuple[Id, Id]], together: Sequence[tuple[Id, Id]]
) -> None:
    """Copy the warehouse, resolve persons under the changed rules, and build what depends on them."""
    copy = scratch / workspace.work_db.name
    transform.prepare(workspace)
    shutil.copyfile(workspace.work_db, copy)
    persons = scratch / "person_ids.parquet"
    persons_if(workspace, persons, apart, together)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(f"create or replace view workspace.person_ids as from read_parquet({_quoted(persons)})")
    os.environ["OPSLOOP_WORK_DB"] = str(copy)
    transform.rebuild(workspace, [BETWEEN])


def _compare(workspace: Workspace, scratch: Path) -> pl.DataFrame:
    with duckdb.connect() as connection:
        connection.execute(f"attach {_quoted(workspace.work_db)} as was (read_only)")
        connection.execute(f"attach {_quoted(scratch / workspace.work_db.name)} as work (read_only)")
        return connection.sql(_EFFECT).pl()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
