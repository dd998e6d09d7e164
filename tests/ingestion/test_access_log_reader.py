"""Server logs: what a line says, what is no line; neither blocks nor growth change what is read (I2, I5, X8)."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from ingestion import lake, quarantine
from ingestion.landing import land
from ingestion.readers import Hints, access_log, read
from opsloop.personal import keyed_hash
from opsloop.workspace import Workspace

AGENT = "Mozilla/5.0 (iPhone) Mobile"
COMBINED = f'203.0.113.7 - - [17/May/2015:10:05:03 +0200] "GET /a?b=1 HTTP/1.1" 200 5 "http://x.example/" "{AGENT}"'
LINES: dict[str, tuple[str, dict[str, Any]]] = {
    "combined": (COMBINED, {"method": "GET", "target": "/a?b=1", "status": "200", "referrer": "http://x.example/"}),
    "common": (
        'host.example - - [01/Aug/1995:00:00:01 -0400] "GET / HTTP/1.0" 304 0',
        {"remote_host": "host.example", "referrer": None, "user_agent": None, "visitor": "host.example -"},
    ),
    "nothing is a dash": (
        '::1 - - [22/Nov/2021:00:18:22 +0000] "GET / HTTP/1.1" 200 - "-" "-"',
        {"remote_host": "::1", "bytes_sent": None, "referrer": None, "user_agent": None},
    ),
    "virtual host first": (f"shop.example:443 {COMBINED}", {"server": "shop.example", "remote_host": "203.0.113.7"}),
    "a user of two words": (COMBINED.replace("- -", "- ann lee", 1), {"remote_user": "ann lee"}),
    "quotes and brackets within": (
        r'1.2.3.4 - - [22/Nov/2021:00:18:22 +0000] "GET /\"x\" HTTP/1.1" 200 1 "-" "a \"b\" [c]"',
        {"target": r"/\"x\"", "user_agent": r"a \"b\" [c]"},
    ),
    "a target with a blank": (
        'h - - [01/Aug/1995:00:00:01 -0400] "GET /html/ page.html HTTP/1.0" 404 -',
        {"target": "/html/ page.html", "protocol": "HTTP/1.0"},
    ),
    "no protocol": ('h - - [01/Aug/1995:00:00:01 -0400] "GET /" 200 1', {"target": "/", "protocol": None}),
    "no request at all": (
        r'1.2.3.4 - - [22/Nov/2021:00:18:22 +0000] "\x16\x03\x01" 400 0 "-" "-"',
        {"method": None, "target": r"\x16\x03\x01"},
    ),
    "more fields behind": (f'{COMBINED} "10.0.0.1" 0.123', {"user_agent": AGENT}),
    "an address in a link": (
        COMBINED.replace("/a?b=1", "/out?to=ann%40shop.example&x=1"),
        {"target": "/out?to=***&x=1"},
    ),
    "an address at a provider of digits": (COMBINED.replace("/a?b=1", "/?m=lee@163.com"), {"target": "/?m=***"}),
    "a version and a name are no addresses": (
        COMBINED.replace("/a?b=1", "/@lee/react@16.14.0.min.js?v=2"),
        {"target": "/@lee/react@16.14.0.min.js?v=2"},
    ),
}


def rows(path: Path) -> tuple[pl.DataFrame, list[tuple[int, str, str]]]:
    """The log's requests and its broken lines."""
    chunks = list(read(path, Hints(), path.parent))
    broken = [(b.row, b.reason, b.detail) for chunk in chunks for b in chunk.broken]
    return pl.concat(chunk.frame for chunk in chunks), broken


@pytest.mark.parametrize("name", LINES)
def test_a_line_of_either_format_is_read_as_its_fields(name: str, tmp_path: Path) -> None:
    """Apache's and nginx's own words, with what logs in the wild add to them (I2)."""
    line, expected = LINES[name]
    (tmp_path / "log").write_text(line + "\n")
    frame, broken = rows(tmp_path / "log")
    found = frame.row(0, named=True)
    assert {key: found[key] for key in expected} == expected
    assert broken == []


def test_lines_that_are_none_are_aside_by_their_number(tmp_path: Path) -> None:
    """A cut last line says so; a blank line is nothing (X8)."""
    text = f"{COMBINED}\nError line 1\n\n{COMBINED[:40]}\r\n{COMBINED}\n{COMBINED[:90]}"
    (tmp_path / "log.gz").write_bytes(gzip.compress(text.encode()))
    frame, broken = rows(tmp_path / "log.gz")
    assert frame["_row"].to_list() == [1, 5]
    detail = "expected a line of the common or combined log format"
    assert broken == [
        (2, "broken_row", detail),
        (4, "broken_row", detail),
        (6, "broken_row", f"{detail}; the file ends within the line"),
    ]


@pytest.mark.parametrize("size", [1, 7, 64, 200])
def test_how_a_file_is_cut_into_blocks_changes_nothing(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alike lines are numbered across blocks, line numbers go on (X7)."""
    other = COMBINED.replace("/a", "/é")
    (tmp_path / "log").write_text("\n".join([COMBINED, COMBINED, "broken", COMBINED, other, other, COMBINED[:60]]))
    whole, broken = rows(tmp_path / "log")
    assert whole["repeat"].to_list() == ["1", "2", "3", "1", "2"]
    monkeypatch.setattr(access_log, "BLOCK_BYTES", size)
    in_blocks, broken_in_blocks = rows(tmp_path / "log")
    assert broken_in_blocks == broken
    assert in_blocks.equals(whole)


@pytest.fixture
def logs(tmp_path: Path) -> Workspace:
    """A workspace with server logs switched on."""
    return Workspace.create(tmp_path / "ws", {"sources": ["access_logs"], "time_zone": "UTC"})


def test_a_log_lands_without_an_address_in_it_and_grows(logs: Workspace) -> None:
    """The visitor is the keyed hash of address and agent (G1); old lines of a log that has grown add nothing (I5)."""
    folder = logs.landing / "access_logs" / "requests" / "shop.example"
    folder.mkdir(parents=True)
    (folder / "access.log").write_text(f"{COMBINED}\n{COMBINED}\nbroken by 203.0.113.7\n")
    report = land(logs)
    assert (report.read, report.quarantined, report.landed) == (3, 1, 2)
    with (folder / "access.log").open("a") as log:
        log.write(COMBINED.replace("10:05:03", "10:05:04") + "\n")
    again = land(logs)
    assert (again.read, again.duplicates, again.quarantined, again.landed) == (4, 2, 1, 1)
    with duckdb.connect() as con:
        lake.attach(con, logs)
        found = con.sql(
            "select distinct visitor_hash, requested_at::varchar from landing_access_logs.requests order by 2"
        ).fetchall()
    visitor = keyed_hash(f"203.0.113.7 {AGENT}", logs.secret)
    assert found == [(visitor, "2015-05-17 08:05:03"), (visitor, "2015-05-17 08:05:04")]
    assert quarantine.rows(logs)["raw"].unique().to_list() == ["(hidden: the row may hold personal text; see the file)"]
    clear = [path for path in logs.lake.rglob("*") if path.is_file() and b"203.0.113.7" in path.read_bytes()]
    assert not clear
