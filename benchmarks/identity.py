"""Persons from edges between ids: small households of ids, one chain of 300 and one star of 4,000."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from benchmarks.fresh import Task

CHAIN, STAR = 300, 4_000


def edges(folder: Path, count: int) -> None:
    """Write `edges.parquet`, unless it is there: one edge for each id, in the columns of `int_identity__edges`."""
    path = folder / "edges.parquet"
    if path.exists():
        return
    household = f"(n * 2654435761 % {max(count // 4, 1)})"
    duckdb.sql(
        f"""
        copy (
            select
                'user_id' as id_kind_a, 'u' || a as id_a,
                'email_hash' as id_kind_b, md5(cast(b as varchar)) as id_b,
                timestamp '2025-01-01' + to_seconds(n) as first_seen_at, 1.0 as confidence
            from (
                select n, {household} * 2 + n % 2 as a, {household} * 2 + n // 3 % 2 as b
                from range({count - CHAIN - STAR}) as t (n)
                union all
                select n, 1000000000 + (n + 1) // 2, 1000000000 + n // 2 from range({CHAIN}) as t (n)
                union all
                select n, 2000000000, 2000000000 + n from range({STAR}) as t (n)
            )
        ) to '{path}' (format parquet, compression zstd)
        """
    )


def product(task: Task) -> dict[str, Any]:
    """Ids numbered and linked, components found, no guard in the way: how many persons; the odd shapes whole."""
    from models_ml.identity.resolve import persons
    from models_ml.identity.rules import Rules

    connection = task.connect()
    with task.measured():
        report = persons(connection, f"'{task.data}/edges.parquet'", Rules(limits={}))
    whole = connection.execute(
        """
        select count(distinct first_node) from earliest inner join nodes using (node)
        where value in ('u1000000000', 'u1000000150')
        union all
        select count(distinct first_node) from earliest inner join nodes using (node)
        where value in ('u2000000000', md5('2000003999'))
        """
    ).fetchall()
    if whole != [(1,), (1,)]:
        raise SystemExit("the chain of 300 or the star of 4,000 is in pieces")
    return {"components": report.persons}
