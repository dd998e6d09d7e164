"""Renders macros and models of acquisition with plain Jinja over small tables in DuckDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import jinja2
from built_whole import BUILT_WHOLE

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
FILES = ("versions.sql", "money.sql", "questions/maturity.sql", "questions/as_known.sql", "time.sql", "until_as_of.sql")
SETTINGS = {
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "week_start": "monday",
    "lookback_days": 30,
    "orders_days": 60,
    "ads_days": 28,
    "horizon_days": 90,
    "default_attribution_model": "last",
}


def environment(**settings: Any) -> jinja2.Environment:
    """Return Jinja with the project's macros, where a model is a table of its name, a source `<schema>_<name>`."""
    made = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    known = SETTINGS | settings

    def dispatch(name: str, _: str) -> Any:
        return made.globals[f"default__{name}"]

    made.globals.update(
        **BUILT_WHOLE,
        ref=lambda name: name,
        source=lambda schema, name: f"{schema}_{name}",
        config=lambda **_: "",
        var=lambda name, default=None: known.get(name, default),
        adapter=SimpleNamespace(dispatch=dispatch),
    )
    macros = "".join((PROJECT / "macros" / file).read_text(encoding="utf-8") for file in FILES)
    module = made.from_string(macros).module
    made.globals.update({name: value for name, value in vars(module).items() if not name.startswith("_")})
    return made


@cache
def macro(name: str) -> Any:
    """Return one of the project's macros."""
    return environment().globals[name]


@cache
def render(model: str, **settings: Any) -> str:
    """Return a model's SQL over tables that are named as the models it reads."""
    (file,) = (PROJECT / "models").rglob(f"{model}.sql")
    return environment(**settings).from_string(file.read_text(encoding="utf-8")).render()


class Tables:
    """A DuckDB of made-up rows in which models are built."""

    def __init__(self, as_of_date: dt.date) -> None:
        self.con = duckdb.connect()
        at = dt.datetime.combine(as_of_date + dt.timedelta(days=1), dt.time())
        self.give("workspace_settings", {"as_of_date": "date", "as_of": "timestamp"}, [(as_of_date, at)])
        self.give("fct_arrivals", {"topic": "varchar", "arrived_until": "date"}, [])

    def give(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Make a table of the rows."""
        self.con.execute(f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})")
        if rows:
            self.con.executemany(f"insert into {name} values ({', '.join('?' * len(columns))})", list(map(list, rows)))

    def build(self, model: str, **settings: Any) -> None:
        """Build a model from what is there."""
        self.con.execute(f"create table {model} as {render(model, **settings)}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.con.execute(sql).fetchall()
