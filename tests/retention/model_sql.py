"""Renders a model of the project with plain Jinja, so that its rule can be tried on made-up rows in DuckDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
from built_whole import BUILT_WHOLE

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _environment(as_of_date: dt.date, week_offset: int) -> jinja2.Environment:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, extensions=["jinja2.ext.do"], autoescape=False)
    settings = {"week_start": WEEKDAYS[week_offset], "time_zone": "UTC", "orders_days": 60}
    environment.globals.update(
        **BUILT_WHOLE,
        ref=lambda name: name,
        source=lambda schema, name: f"{schema}_{name}",
        config=lambda **_: "",
        var=lambda name, default=None: settings.get(name, default),
        as_of_date=lambda: f"date '{as_of_date}'",
        money=lambda amount: f"cast({amount} as decimal(38, 6))",
        maturity=lambda day, window_days=0, needs=(): f"case when {day} >= date '{as_of_date}' then 'partial' end",
        retention_of_marts=lambda grain, needs=(): {"grain": grain, "week_offset": week_offset},
        adapter=SimpleNamespace(),
    )
    for file in ("retention_members", "states"):
        template = environment.from_string((PROJECT / "macros" / "questions" / f"{file}.sql").read_text("utf-8"))
        environment.globals.update({k: v for k, v in vars(template.module).items() if not k.startswith("_")})
    return environment


@cache
def render(model: str, as_of_date: dt.date, week_offset: int = 0) -> str:
    """Return a model's SQL over tables that are named as the models it reads."""
    (file,) = (PROJECT / "models").rglob(f"{model}.sql")
    return _environment(as_of_date, week_offset).from_string(file.read_text(encoding="utf-8")).render()


class Tables:
    """A DuckDB of made-up rows in which models are built one after the other."""

    def __init__(self, as_of_date: dt.date, week_offset: int = 0) -> None:
        self.con = duckdb.connect()
        self.as_of_date = as_of_date
        self.week_offset = week_offset

    def give(self, name: str, columns: Mapping[str, str], rows: list[tuple[Any, ...]]) -> None:
        """Make a table of the rows."""
        self.con.execute(f"create table {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
        if rows:
            marks = ", ".join(f"({', '.join('?' * len(columns))})" for _ in rows)
            self.con.execute(f"insert into {name} values {marks}", [value for row in rows for value in row])

    def build(self, *models: str) -> None:
        """Build models from what is there."""
        for model in models:
            self.con.execute(f"create table {model} as {render(model, self.as_of_date, self.week_offset)}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.con.execute(sql).fetchall()
