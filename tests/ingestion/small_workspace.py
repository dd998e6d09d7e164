"""A tiny company with one source, so that tests say in a few bytes what happens to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from small_source import SMALL

from ingestion import lake, registry
from opsloop.workspace import Workspace


@pytest.fixture
def ws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace in which only the small source and mapped files exist."""
    mapped = registry.source("mapped")
    monkeypatch.setattr(registry, "discover", lambda: (mapped, SMALL))
    return Workspace.create(tmp_path / "ws", {"sources": ["small"], "time_zone": "Asia/Shanghai"})


@pytest.fixture
def drop(ws: Workspace) -> Callable[..., Path]:
    """Puts a file into the drop folder of a stream."""

    def put(stream: str, name: str, content: str | bytes) -> Path:
        path = ws.landing / "small" / stream / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return put


@pytest.fixture
def rows(ws: Workspace) -> Callable[..., list[dict[str, Any]]]:
    """All versions in the lake of a stream, in order of arrival."""

    def read(stream: str, source: str = "small") -> list[dict[str, Any]]:
        with duckdb.connect() as con:
            lake.attach(con, ws)
            found: pl.DataFrame = con.sql(f"from landing_{source}.{stream} order by _batch, _file, _row").pl()
        return found.to_dicts()

    return read
