"""Bad input: each fault is one clear message, loses nothing, and the rest goes on (X8, I4)."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingestion import landing, quarantine, readers, refusals
from ingestion.contract import Source, Stream, Time
from ingestion.landing import land
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

Drop = Callable[..., Path]
Rows = Callable[..., list[dict[str, Any]]]
HEADER = "visitor,day,pages\n"
GOOD = HEADER + "ann,2024-01-31,3\n"


def parquet(frame: pl.DataFrame) -> bytes:
    """The frame as a Parquet file's bytes."""
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


REFUSED = {
    "empty file": (b"", "the file is empty; expected at least a header line or one row"),
    "blank lines only": (b"\n\n", "the file is empty; expected at least a header line"),
    "missing column": (b"visitor,pages\nbob,1\n", "line 1: column 'day' is missing"),
    "truncated gzip": (gzip.compress(GOOD.encode() * 900)[:60], "gzip file is damaged or cut short"),
    "truncated Parquet": (parquet(pl.DataFrame({"visitor": ["bob"]}))[:-20], "Parquet file is damaged or cut short"),
    "column twice": (b"visitor,day,day\nbob,2024-01-31,x\n", "line 1: column 'day' is there twice"),
    "broken JSON": (b'[{"visitor": "bob"},\n {"visitor": }]', "line 2, column 14: not valid JSON"),
    "binary": (bytes(range(256)) * 40, "holds binary data where text was expected"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_and_stops_nothing_else(
    fault: str, ws: Workspace, drop: Drop, rows: Rows
) -> None:
    """One line that names file and fault; the file stays; other files of the stream and other streams land (X8)."""
    content, message = REFUSED[fault]
    bad = drop("visits", "bad", content)
    drop("visits", "good.csv", GOOD)
    drop("orders", "good.csv", "id,updated_at,amount\n1,2024-01-01T10:00:00Z,5\n")
    report = land(ws)
    assert report.refused_files == 1
    (line,) = report.messages
    assert line.startswith(f"small/visits/bad: {message}")
    assert "\n" not in line
    assert bad.read_bytes() == content
    assert [row["visitor"] for row in rows("visits")] == ["ann"]
    assert len(rows("orders")) == 1


def test_a_refused_file_is_spoken_of_at_every_run_until_it_is_mended(ws: Workspace, drop: Drop) -> None:
    """What is wrong stays in sight (X8), and is not read again for nothing (O2)."""
    drop("visits", "a.csv", "visitor,pages\nbob,1\n")
    first = land(ws).messages
    assert land(ws).messages == first
    assert [refusal.message for refusal in refusals.load(ws)] == first
    drop("visits", "a.csv", GOOD)
    assert land(ws).messages == []
    assert refusals.load(ws) == []


def test_a_header_without_rows_is_no_fault(ws: Workspace, drop: Drop) -> None:
    """A day on which nothing happened lands nothing, once, and says so."""
    drop("visits", "a.csv", HEADER)
    report = land(ws)
    assert report.messages == ["small/visits/a.csv: a header and no rows, so nothing to add"]
    assert report.refused_files == 0
    assert land(ws).messages == []


def test_one_wrong_value_sets_one_row_aside(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """The reason names row and column, what was expected and what was found; the other rows land (X8)."""
    drop("visits", "a.csv", GOOD + "bob,2024-01-31,many\ncat,2024-01-31,2\n")
    report = land(ws)
    assert (report.read, report.quarantined, report.landed) == (3, 1, 2)
    (aside,) = quarantine.rows(ws).to_dicts()
    assert (aside["row"], aside["reason"], aside["column_name"]) == (2, "wrong_type", "pages")
    assert aside["detail"] == "expected a whole number, found many"
    assert aside["raw"] == '{"visitor":"bob","day":"2024-01-31","pages":"many"}'
    assert quarantine.show(ws, aside["quarantine_id"]) == aside
    assert [row["_row"] for row in rows("visits")] == [1, 3]


def test_an_extra_value_a_missing_one_and_a_stray_quote_set_their_rows_aside(
    ws: Workspace, drop: Drop, rows: Rows
) -> None:
    """A stray quote takes no later row with it (X8)."""
    broken = 'bob,2024-01-31,1,9\ncat,2024-01-31\ndan,"2024-01-31,2\n'
    drop("visits", "a.csv", GOOD + broken + "eve,2024-01-31,5\nfay,2024-01-31,6\n")
    report = land(ws)
    assert (report.read, report.quarantined, report.landed) == (6, 3, 3)
    assert [(row["visitor"], row["_row"]) for row in rows("visits")] == [("ann", 1), ("eve", 5), ("fay", 6)]
    aside = quarantine.rows(ws).sort("row")
    assert aside["row"].to_list() == [2, 3, 4]
    assert aside["raw"].to_list() == ["bob,2024-01-31,1,9", "cat,2024-01-31", 'dan,"2024-01-31,2']


def test_a_broken_line_of_json_is_set_aside(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """The lines around it land (X8)."""
    line = '{"visitor": "%s", "day": "2024-01-31", "pages": 1}\n'
    drop("visits", "a.jsonl", line % "ann" + '{"visitor": "bob", \n' + line % "cat")
    assert land(ws).quarantined == 1
    assert [(row["visitor"], row["_row"]) for row in rows("visits")] == [("ann", 1), ("cat", 3)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_an_encoding_is_found_out_by_content(encoding: str, ws: Workspace, drop: Drop, rows: Rows) -> None:
    """GB18030 without saying so is read as what it is (I2)."""
    drop("visits", "a.csv", (HEADER + "张伟,2024-01-31,3\n王芳,2024-01-31,4\n").encode(encoding))
    assert land(ws).messages == []
    assert [row["visitor"] for row in rows("visits")] == ["张伟", "王芳"]


def test_a_line_with_damaged_bytes_is_set_aside(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """UTF-8 with one damaged line is not mistaken for another encoding."""
    text = (HEADER + "张伟,2024-01-31,3\n王芳,2024-01-31,4\n").encode()
    drop("visits", "a.csv", text + b"\xff\xfe\x80,2024-01-31,1\n")
    land(ws)
    assert [row["visitor"] for row in rows("visits")] == ["张伟", "王芳"]
    assert quarantine.rows(ws)["reason"].to_list() == ["wrong_encoding"]


def test_a_file_that_changes_while_it_is_read_waits(
    ws: Workspace, drop: Drop, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it lands until it is complete; then all of it does (I5)."""
    path = drop("visits", "a.csv", GOOD)
    drop("visits", "b.csv", HEADER + "bob,2024-01-31,1\n")
    whole = readers.read

    def read_while_written(file: Path, hints: readers.Hints, scratch: Path) -> Any:
        yield from whole(file, hints, scratch)
        if file == path:
            with path.open("a") as out:
                out.write("late,2024-01-31,9\n")

    with monkeypatch.context() as patch:
        patch.setattr(readers, "read", read_while_written)
        report = land(ws)
    assert report.messages == ["small/visits/a.csv: it changed while it was read; it lands once it is complete"]
    assert [row["visitor"] for row in rows("visits")] == ["bob"]
    assert land(ws).landed == 2


def test_a_change_that_keeps_size_and_time_is_noticed(
    ws: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes that were read are the bytes whose hash the log keeps (I5)."""
    path = drop("visits", "a.csv", GOOD)
    stat = path.stat()
    whole = readers.read

    def read_while_written(file: Path, hints: readers.Hints, scratch: Path) -> Any:
        yield from whole(file, hints, scratch)
        path.write_text(GOOD.replace("ann", "eve"))
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    monkeypatch.setattr(readers, "read", read_while_written)
    assert land(ws).refused_files == 1


def test_a_file_that_may_not_be_read_is_refused_until_it_may(
    ws: Workspace, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No right to read one file stops no other."""
    path = drop("visits", "a.csv", GOOD)
    drop("visits", "b.csv", HEADER + "bob,2024-01-31,1\n")
    allowed = landing.sha256

    def denied(file: Path) -> str:
        if file == path:
            raise PermissionError(13, "Permission denied", str(file))
        return allowed(file)

    with monkeypatch.context() as patch:
        patch.setattr(landing, "sha256", denied)
        report = land(ws)
    assert report.messages == [
        "small/visits/a.csv: cannot be read (Permission denied); give this user the right to read it"
    ]
    assert report.landed == 1
    assert land(ws).landed == 1


def test_a_lake_that_cannot_be_written_is_one_clear_error(
    ws: Workspace, drop: Drop, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No right or no room to write ends the run with one line, lands nothing, and blames no file."""
    drop("visits", "a.csv", GOOD)

    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    with monkeypatch.context() as patch:
        patch.setattr("ingestion.batch.os.replace", full)
        with pytest.raises(OpsloopError, match=r"cannot write the lake \(No space left on device\)"):
            land(ws)
    assert rows("visits") == []
    assert land(ws).landed == 1


FROZEN = {
    "extra column": ("key,size,kind,more\nx,1,a,2\n", "line 1: column 'more' is not in the contract of frozen"),
    "missing column": ("key,size\nx,1\n", "line 1: column 'kind' is missing"),
    "wrong type": ("key,size,kind\nx,1,a\ny,big,a\n", "row 2, column 'size': expected a whole number"),
    "broken rule": ("key,size,kind\nx,1,a\ny,2,c\n", "row 2, column 'kind': expected one of a, b"),
    "empty key": ("key,size,kind\nx,1,a\n,2,a\n", "row 2, column 'key': expected a value, found nothing"),
}


@pytest.mark.parametrize("fault", FROZEN)
def test_a_frozen_contract_refuses_the_whole_file(fault: str, ws: Workspace, drop: Drop, rows: Rows) -> None:
    """Nothing of the file lands, all its rows count as refused, the next file lands (I4)."""
    content, message = FROZEN[fault]
    drop("frozen", "a.csv", content)
    drop("frozen", "b.csv", "key,size,kind\nz,9,b\n")
    report = land(ws)
    (line,) = report.messages
    assert line.startswith(f"small/frozen/a.csv: {message}")
    assert report.refused == content.count("\n") - 1
    assert report.read == report.refused + report.landed
    assert [row["key"] for row in rows("frozen")] == ["z"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "asia shanghai", ""])
def test_an_unknown_time_zone_is_refused_where_it_is_declared(zone: str) -> None:
    """A contract with a zone that does not exist never runs."""
    with pytest.raises(OpsloopError, match=f"unknown time zone {zone!r}; use an IANA name"):
        Stream("x", ("a",), {"a": pl.String()}, times={"a": Time(zone=zone)})


def test_an_unknown_source_in_the_settings_is_one_clear_error(tmp_path: Path) -> None:
    """The message names the nearest source."""
    ws = Workspace.create(tmp_path / "ws", {"sources": ["shopfy"]})
    with pytest.raises(OpsloopError, match=r"unknown source 'shopfy'; did you mean shopify\?"):
        land(ws)


def test_a_source_with_two_streams_of_one_name_is_refused() -> None:
    """A contract that contradicts itself never runs (I1)."""
    twin = Stream("x", ("a",), {"a": pl.String()})
    with pytest.raises(OpsloopError, match="two streams have the same name"):
        Source("s", "S", "data", "none", (twin, twin))
