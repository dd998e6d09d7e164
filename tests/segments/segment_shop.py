"""A snapshot of a few made-up events and persons, whose as-of and aliases a test sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import duckdb
import polars as pl

FIRST = dt.datetime(2026, 3, 2, 8)
# Person, minute, event, page, device.
Deed = tuple[str, int, str, str | None, str]
_EVENTS = """
    create table marts.fct_events (event_id bigint, person_id varchar, session_id varchar, event_at timestamp,
        event_date date, event_name varchar, page_path varchar, device varchar)
"""


class Shop:
    """What segments ask of a published snapshot, over tables in plain DuckDB."""

    def __init__(self, deeds: Sequence[Deed] = (), last_day: dt.date = dt.date(2026, 4, 30)) -> None:
        self.snapshot: Any = SimpleNamespace()
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute("create schema marts; create schema workspace")
        self.connection.execute(_EVENTS)
        rows = [(at, *self._event(deed)) for at, deed in enumerate(deeds)]
        if rows:
            self.connection.executemany("insert into marts.fct_events values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.connection.execute("""
            create table marts.fct_sessions as select person_id, event_at as session_started_at,
                event_date as session_date from marts.fct_events;
            create table marts.fct_orders as select person_id, event_at as ordered_at, event_date as order_date
            from marts.fct_events where event_name = 'buy';
            create table marts.fct_arrivals (topic varchar, arrived_until date);
        """)
        self.persons({deed[0] for deed in deeds})
        self.publish("first", last_day)

    @staticmethod
    def _event(deed: Deed) -> tuple[object, ...]:
        person, minute, name, page, device = deed
        at = FIRST + dt.timedelta(minutes=minute)
        return person, f"s_{person}", at, at.date(), name, page, device

    def publish(self, snapshot: str, last_day: dt.date) -> None:
        """Be another snapshot from now on, of another last day."""
        end = dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time(), dt.UTC)
        self.snapshot = SimpleNamespace(id=snapshot, as_of=end, as_of_date=last_day)

    def persons(self, present: Iterable[str], aliases: Mapping[str, str] = {}, kept: Mapping[str, str] = {}) -> None:
        """Say who there is, and whom former ids stand for: by the ids of now, and by the map that runs keep."""
        self._table("marts.dim_persons", ("person_id",), [(one,) for one in sorted(present)])
        self._table("marts.dim_person_aliases", ("former_person_id", "person_id"), sorted(aliases.items()))
        self._table("workspace.person_aliases", ("former_person_id", "person_id"), sorted(kept.items()))

    def _table(self, name: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        self.connection.execute(f"create or replace table {name} ({', '.join(f'{one} varchar' for one in columns)})")
        if rows:
            self.connection.executemany(f"insert into {name} values ({', '.join('?' for _ in columns)})", rows)

    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> pl.DataFrame:
        """Return the rows of a statement."""
        return self.connection.execute(sql, parameters).pl()

    def listed(self, relation: str) -> list[str]:
        """Return the persons of a relation, in order."""
        return sorted(self.rows(f"from {relation}")["person_id"].to_list())
