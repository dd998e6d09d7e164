"""Questions over made-up events in plain DuckDB."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest


@pytest.fixture(scope="session")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database on one thread."""
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection
