"""One in-memory DuckDB per process for short computations; each caller has a cursor of its own."""

from __future__ import annotations

from functools import cache

import duckdb


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """The database that all cursors share; opening one anew costs more than most questions put to it."""
    con = duckdb.connect()
    con.execute("set autoinstall_known_extensions = false")
    con.execute("set enable_progress_bar = false")
    return con


def cursor() -> duckdb.DuckDBPyConnection:
    """A cursor with temporary tables and registered frames of its own, to be closed after use."""
    return _database().cursor()
