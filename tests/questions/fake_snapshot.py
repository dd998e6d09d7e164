"""A snapshot that is a table of events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import duckdb
import polars as pl
from funnel_oracle import Event


class Published:
    """What questions ask of the metrics client, over a table in plain DuckDB."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, events: Sequence[Event], as_of: dt.datetime) -> None:
        self.snapshot: Any = SimpleNamespace(as_of=as_of, as_of_date=as_of.date())
        self._engine = engine
        engine.execute("create schema if not exists marts")
        engine.execute("create or replace table marts.fct_events as from events")

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
        """Return the rows of a statement."""
        return self._engine.execute(sql, parameters).pl()
