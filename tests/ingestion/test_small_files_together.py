"""Small files are checked many at a time, and what is said of each is as if it came alone (I4, I5, X8)."""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from ingestion import expectations, lake, quarantine, taking
from ingestion.landing import land
from opsloop.personal import keyed_hash
from opsloop.workspace import Workspace

Drop = Callable[..., Path]
Rows = Callable[..., list[dict[str, Any]]]
HEADER = "visitor,day,pages\n"
FILES = {
    "a.csv": "ann,2024-01-31,3\nbob,2024-02-01,many\n",
    "b.csv": "ann,2024-01-31,3\n,2024-01-31,1\neve,2024-01-31\n",
    "c.csv": "ann,2024-01-31,4\ndan,2024-01-30,1\n",
}


def outcome(ws: Workspace, rows: Rows) -> tuple[object, ...]:
    """What landed and what was set aside, by file and row, and what was said."""
    report = land(ws)
    landed = [(row["_file"], row["_row"], row["visitor"], row["pages"]) for row in rows("visits")]
    aside = quarantine.rows(ws).select("file", "row", "reason", "column_name", "detail", "raw")
    return landed, sorted(aside.rows()), report.messages, report.read, report.duplicates


@pytest.mark.parametrize(
    "odd", ["", "visitor,day\nann,2024-01-31\n", HEADER, "visitor,day,pages,tel\nx,2024-01-31,1,+49 30 901820\n"]
)
def test_files_checked_together_come_out_as_if_each_came_alone(
    ws: Workspace, drop: Drop, rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    """Rows keep their file and number; one that is refused, empty or holds a personal value is told of by name (X8)."""
    for name, text in FILES.items():
        drop("visits", name, HEADER + text)
    if odd:
        drop("visits", "b2.csv", odd)
    together = outcome(ws, rows)
    alone = Workspace.create(tmp_path / "alone", {"sources": ["small"], "time_zone": "Asia/Shanghai"})
    shutil.copytree(ws.landing, alone.landing, dirs_exist_ok=True)
    monkeypatch.setattr(taking, "SMALL", 0)
    with duckdb.connect() as con:
        assert outcome(alone, lambda stream: _rows(con, alone, stream)) == together


def _rows(con: duckdb.DuckDBPyConnection, ws: Workspace, stream: str) -> list[dict[str, Any]]:
    lake.attach(con, ws)
    found: pl.DataFrame = con.sql(f"from landing_small.{stream} order by _batch, _file, _row").pl()
    return found.to_dicts()


def test_a_lake_that_stored_hashes_of_content_still_tells_a_known_row(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """A workspace of an older version is read as it is: its rows are compared by content (O6, I5)."""
    drop("visits", "a.csv", HEADER + FILES["c.csv"])
    land(ws)
    for path in (ws.lake / "small").rglob("*.parquet"):
        pl.read_parquet(path, hive_partitioning=False).with_columns(_hash=pl.lit("0" * 32)).write_parquet(path)
    drop("visits", "b.csv", HEADER + "dan,2024-01-30,1\nann,2024-01-31,5\nfay,2024-01-31,1\n")
    report = land(ws)
    assert (report.duplicates, report.landed) == (1, 2)
    assert len({row["_hash"] for row in rows("visits")}) == 4


@pytest.mark.parametrize("secret", [b"short", b"k" * 64, b"longer than a block of the hash" * 4])
def test_keyed_hashes_are_those_of_the_standard_librarys_hmac(secret: bytes) -> None:
    """Whatever the length of the key (G1)."""
    expected = hmac.new(secret, b"ann@shop.example", hashlib.sha256).hexdigest()
    assert keyed_hash(" Ann@Shop.example", secret) == expected


def test_a_batch_above_the_limit_is_checked_on_a_sample_of_that_size(
    ws: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And each result says so (I11)."""
    drop("visits", "a.csv", HEADER + "".join(f"v{number},2024-01-31,1\n" for number in range(6000)))
    land(ws)
    monkeypatch.setattr(expectations, "SAMPLE", 5000)
    monkeypatch.setattr(expectations, "SPARE", 1.1)
    observed = {result.expectation: result.observed for result in expectations.validate(ws)}
    assert observed["not empty"] == "0 of 5,000 rows did not fit (on a sample of 5,000 of 6,000 rows)"
