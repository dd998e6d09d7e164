"""Renders the macros of `dbt_project/macros/questions/` without dbt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import Environment, StrictUndefined, Template

if TYPE_CHECKING:
    import polars as pl

    from dashboards.metrics_layer.snapshot import Snapshot

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "questions"


class Reader(Protocol):
    """What questions ask of a published snapshot: which it is, and the rows of a statement."""

    snapshot: Snapshot

    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pl.DataFrame:
        """Return the rows of a statement."""


@cache
def _macros() -> str:
    """Every macro of every question, as dbt sees them: one space of names."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.sql")))


@cache
def _template(call: str) -> Template:
    environment = Environment(undefined=StrictUndefined)  # SQL is no markup: nothing is escaped for HTML
    return environment.from_string(_macros() + "\n" + call)


def render(call: str, among: str | None = None, **values: Any) -> str:
    """Return the SQL of a template that calls macros, such as `{{ funnel_counts(q) }}`; check values before.

    With `among`, a relation of person_id, the statement may read it by the name `among`.
    """
    sql = _template(call).render(values).strip()
    if among is None:
        return sql
    named = f"with among as materialized (select person_id from {among})"
    return f"{named}, {sql.removeprefix('with')}" if sql.startswith("with") else f"{named} {sql}"


def narrowed(relation: str, among: str | None) -> str:
    """Return the relation, of the persons of `among` only where a question is asked among some."""
    return relation if among is None else f"(select * from {relation} where person_id in (select person_id from among))"
