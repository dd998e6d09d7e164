"""The models of sessions, traffic and channels over a few rows: their own SQL, rendered without dbt, in DuckDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from built_whole import BUILT_WHOLE

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MACROS = (
    "epoch.sql",
    "time.sql",
    "vendor_values.sql",
    "identity.sql",
    "web.sql",
    "channels.sql",
    "url.sql",
    "versions.sql",
)
SETTINGS = {
    "session_timeout_minutes": 30,
    "session_max_hours": 24,
    "session_split_on_campaign": False,
    "time_zone": "Asia/Shanghai",
}
TEXTS = (
    *("event_id", "visitor_id", "user_id", "event_name", "page_host", "page_path", "page_title", "referrer_host"),
    *("source", "medium", "campaign", "device", "country", "order_id"),
    *("traffic_type", "browser", "user_agent", "source_name"),
)
TYPES = {
    **dict.fromkeys(TEXTS, "varchar"),
    "event_at": "timestamp",
    "event_date": "date",
    "engaged_seconds": "double",
}
Row = Mapping[str, Any]


class _Adapter:
    """Finds the default version of a macro, as dbt does where no engine has its own."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names

    def dispatch(self, name: str, package: str) -> Any:
        return self._names[f"default__{name}"]


@cache
def _environment(settings: tuple[tuple[str, Any], ...]) -> jinja2.Environment:
    values = dict(settings)
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, extensions=["jinja2.ext.do"])
    environment.globals.update(
        **BUILT_WHOLE,
        ref=lambda name: name,
        source=lambda _, name: name,
        config=lambda **_: "",
        var=lambda name, default=None: values.get(name, default),
        adapter=_Adapter(environment.globals),
    )
    for file in MACROS:
        module = environment.from_string((PROJECT / "macros" / file).read_text(encoding="utf-8")).module
        environment.globals.update({name: macro for name, macro in vars(module).items() if callable(macro)})
    environment.globals["maturity"] = lambda *_, **__: "'mature'"
    return environment


def render(model: str, **settings: Any) -> str:
    """Return a model's SQL; other models and sources are tables of their own name."""
    path = next((PROJECT / "models").rglob(f"{model}.sql"))
    environment = _environment(tuple(sorted({**SETTINGS, **settings}.items())))
    return environment.from_string(path.read_text(encoding="utf-8")).render()


def called(expression: str) -> str:
    """Return what a call of the project's macros gives, such as `real_id('x')`."""
    return _environment(tuple(sorted(SETTINGS.items()))).from_string("{{ " + expression + " }}").render()


def connect() -> duckdb.DuckDBPyConnection:
    """An empty warehouse with the tables of settings that the models read."""
    connection = duckdb.connect()
    connection.execute("set threads = 1; set TimeZone = 'UTC'")
    connection.execute("create table conversion_events as select unnest(['purchase', 'generate_lead']) as event_name")
    connection.execute("create table settings as select date '2999-01-01' as as_of_date")
    return connection


def table(connection: duckdb.DuckDBPyConnection, name: str, types: Mapping[str, str], rows: Iterable[Row]) -> None:
    """Make or replace a table of the rows; a column that a row does not name is empty."""
    columns = ", ".join(f'"{column}" {kind}' for column, kind in types.items())
    connection.execute(f"create or replace table {name} ({columns})")
    values = [tuple(row.get(column) for column in types) for row in rows]
    if values:
        connection.executemany(f"insert into {name} values ({', '.join('?' * len(types))})", values)


def seed(connection: duckdb.DuckDBPyConnection, name: str, **types: str) -> None:
    """Load one of the project's seeds, texts but for the types given."""
    cast = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in types.items())
    path = PROJECT / "seeds" / f"{name}.csv"
    replaced = f" replace ({cast})" if cast else ""
    connection.execute(
        f"create table {name} as select *{replaced} from read_csv('{path}', header = true, all_varchar = true)"
    )


def build(connection: duckdb.DuckDBPyConnection, *models: str, **settings: Any) -> None:
    """Build the models in the order given, as tables."""
    for model in models:
        connection.execute(f"create or replace table {model} as {render(model, **settings)}")


def sessions(events: Iterable[Row], **settings: Any) -> list[dict[str, Any]]:
    """Return the sessions of events that all count, in order of visitor and start."""
    with connect() as connection:
        table(connection, "int_traffic__events", TYPES, events)
        for step in ("events", "sums", "instants", "sessions"):
            build(connection, f"int_sessions__{step}", **settings)
        found = connection.sql("select * from int_sessions__sessions order by visitor_id, session_clock_at")
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def at(text: str) -> dt.datetime:
    """A UTC timestamp."""
    return dt.datetime.fromisoformat(text)
