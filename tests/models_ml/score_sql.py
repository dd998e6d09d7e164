"""Renders and runs the score models' SQL on hand-made tables, without dbt, so that a property can be tried often."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from built_whole import BUILT_WHOLE

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MACROS = ("time.sql", "money.sql")
MODELS = (
    "intermediate/scores/int_scores__cutoffs",
    "intermediate/scores/int_scores__order_facts",
    "intermediate/scores/int_scores__losses",
    "intermediate/scores/int_scores__session_days",
    "intermediate/scores/int_scores__person_days",
    "intermediate/scores/int_scores__labels",
    "marts/customers/fct_customer_features",
)
INPUTS = """
create table settings (as_of timestamp, as_of_date date);
create table fct_orders (
    order_id varchar, source_name varchar, person_id varchar, order_date date,
    is_cancelled boolean, revenue_gross decimal(38, 6)
);
create table int_money__order_items (order_id varchar, source_name varchar, cost decimal(38, 6));
create table int_orders__items (
    order_id varchar, source_name varchar, gross_source decimal(18, 6), discount_source decimal(18, 6)
);
create table int_orders__orders (order_id varchar, source_name varchar, is_cancelled boolean, cancelled_at timestamp);
create table fct_refunds (
    order_id varchar, source_name varchar, refund_date date, refunds decimal(38, 6), refunds_of_cancelled decimal(38, 6)
);
create table int_web__events (visitor_id varchar, user_id varchar, order_id varchar, event_date date);
create table person_ids (id_kind varchar, id_value varchar, person_id varchar);
create table fct_sessions (visitor_id varchar, person_id varchar, session_date date);
"""


class _Adapter:
    """Stands for dbt's adapter: every dispatched macro is its default."""

    macros: dict[str, Any]

    def dispatch(self, name: str, _package: str) -> Any:
        return self.macros[f"default__{name}"]


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _environment(variables: dict[str, Any]) -> jinja2.Environment:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    adapter = _Adapter()
    environment.globals.update(
        **BUILT_WHOLE,
        ref=lambda name: name,
        source=lambda _source, table: table,
        var=variables.__getitem__,
        config=lambda **_settings: "",
        adapter=adapter,
    )
    text = "\n".join(_text(PROJECT / "macros" / name) for name in MACROS)
    adapter.macros = dict(vars(environment.from_string(text).module))
    environment.globals.update({name: macro for name, macro in adapter.macros.items() if not name.startswith("_")})
    return environment


def connect() -> duckdb.DuckDBPyConnection:
    """A database in memory with the inputs of the score models, all empty."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(INPUTS)
    return connection


def build(connection: duckdb.DuckDBPyConnection, horizon_days: int = 30, time_zone: str = "UTC") -> None:
    """Build every score model over the inputs; what was built before is replaced."""
    environment = _environment({"horizon_days": horizon_days, "time_zone": time_zone})
    for path in MODELS:
        query = environment.from_string(_text(PROJECT / "models" / f"{path}.sql")).render()
        connection.execute(f"create or replace table {Path(path).name} as {query}")
