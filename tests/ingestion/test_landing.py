"""What lands, what is a duplicate, what is a new version, and that the sums are right (I5, X2, X7)."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion import commitlog, lake, quarantine
from ingestion.landing import land
from ingestion.report import StreamReport
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

Drop = Callable[..., Path]
Rows = Callable[..., list[dict[str, Any]]]
HEADER = "visitor,day,pages\n"


def only(ws: Workspace, stream: str = "visits") -> StreamReport:
    """What landing did with the one stream that a test is about."""
    (report,) = [part for part in land(ws).streams if part.stream == stream and part.source == "small"]
    assert report.read == report.duplicates + report.refused + report.quarantined + report.landed
    return report


def test_a_row_lands_typed_with_its_file_row_batch_and_source(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """Each row carries source, batch, arrival, file and row number."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\nbob,2024-02-01,4\n")
    report = only(ws)
    assert (report.read, report.landed, report.batch) == (2, 2, 1)
    ann, bob = rows("visits")
    assert (ann["visitor"], ann["day"], ann["pages"]) == ("ann", dt.date(2024, 1, 31), 3)
    assert (bob["_source_name"], bob["_batch"], bob["_file"], bob["_row"]) == ("small", 1, "small/visits/a.csv", 2)
    assert {path.parent.name for path in (ws.lake / "small" / "visits").rglob("*.parquet")} == {
        "_month=2024-01",
        "_month=2024-02",
    }


def test_landing_twice_adds_nothing_and_says_so(ws: Workspace, drop: Drop) -> None:
    """A second run with nothing new does nothing (I5, O2)."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\n")
    assert land(ws).changed
    again = land(ws)
    assert not again.changed
    assert lake.last_batch(ws) == 1


def test_the_same_bytes_under_another_name_add_nothing(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """Landing the same bytes twice adds nothing (I5)."""
    path = drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\n")
    land(ws)
    shutil.copy(path, path.with_name("copy of a.csv"))
    report = only(ws)
    assert report.messages == ["small/visits/copy of a.csv: the same bytes as small/visits/a.csv, so nothing to add"]
    assert len(rows("visits")) == 1
    assert only(ws).messages == []


def test_a_row_equal_to_its_keys_current_version_is_a_duplicate(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """Equal content adds nothing, within a file, across files of a batch, and across batches (I5)."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\nann,2024-01-31,3\n")
    drop("visits", "b.csv", HEADER + "ann,2024-01-31,3\nbob,2024-01-31,1\n")
    first = only(ws)
    assert (first.read, first.duplicates, first.landed) == (4, 2, 2)
    drop("visits", "c.csv", HEADER + "bob,2024-01-31,1\n")
    assert (only(ws).duplicates, len(rows("visits"))) == (1, 2)


def test_a_value_that_goes_back_is_a_new_version(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """3, then 5, then 3 again are three versions where arrival orders them (I5, X6)."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\nann,2024-01-31,5\n")
    land(ws)
    drop("visits", "b.csv", HEADER + "ann,2024-01-31,3\n")
    land(ws)
    assert [row["pages"] for row in rows("visits")] == [3, 5, 3]


def test_a_version_that_arrives_late_lands_once_where_the_source_orders(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """An old state exported again is no new version, whatever came since (X7)."""
    old, new = "1,2024-01-01T10:00:00Z,5\n", "1,2024-01-02T10:00:00Z,6\n"
    for name, content in (("a.csv", new), ("b.csv", old), ("c.csv", old + new)):
        drop("orders", name, "id,updated_at,amount\n" + content)
        land(ws)
    assert sorted(row["amount"] for row in rows("orders")) == [Decimal(5), Decimal(6)]


def test_versions_without_the_sources_order_go_by_arrival(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """Rows whose order column is empty still go back to an earlier value (I5, X7)."""
    for name, amount in (("a.csv", 5), ("b.csv", 6), ("c.csv", 5)):
        drop("orders", name, f"id,updated_at,amount\n1,,{amount}\n{name},,1\n")
        land(ws)
    assert [row["amount"] for row in rows("orders") if row["order_id"] == "1"] == [5, 6, 5]


def test_a_file_written_anew_under_its_name_lands_what_is_new(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """A vendor that overwrites its export loses nothing and doubles nothing (I5)."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\n")
    land(ws)
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\nbob,2024-01-31,1\n")
    report = only(ws)
    assert (report.duplicates, report.landed) == (1, 1)
    assert len(rows("visits")) == 2


def test_personal_values_land_as_keyed_hashes_or_not_at_all(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """The same address in another spelling is the same hash; the clear value is nowhere below the workspace (G1)."""
    day = "2024-01-01T10:00:00Z"
    path = drop("orders", "a.csv", f"id,updated_at,amount,email,note\n1,{day},5, Ann@Shop.example ,Hi Ann\n")
    drop("orders", "b.csv", f"id,updated_at,amount,email\n2,{day},5,ann@shop.example\n3,,x,ann@shop.example\n")
    land(ws)
    one, two = rows("orders")
    assert one["email_hash"] == two["email_hash"] != "ann@shop.example"
    assert len(one["email_hash"]) == 64
    assert {"email", "note"}.isdisjoint(one)
    kept = [file for file in ws.root.rglob("*") if file.is_file() and path.parent not in file.parents]
    assert not [file for file in kept if b"shop.example" in file.read_bytes().lower()]
    assert "shop.example" not in str(quarantine.rows(ws).to_dicts()).lower()


def test_local_times_become_utc_and_odd_ones_are_flagged(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """A time in the gap moves forward, an ambiguous one is the first; both are flagged and counted (X3)."""
    local = ("2024-03-10 02:30:00", "2024-11-03 01:30:00", "2024-07-01 12:00:00")
    drop("orders", "a.csv", "id,updated_at,amount\n" + "".join(f"{i},{at},1\n" for i, at in enumerate(local)))
    report = only(ws, "orders")
    found = rows("orders")
    assert [row["updated_at"] for row in found] == [
        dt.datetime(2024, 3, 10, 7, 30),
        dt.datetime(2024, 11, 3, 5, 30),
        dt.datetime(2024, 7, 1, 16, 0),
    ]
    assert [row["_time_flags"] for row in found] == ["updated_at:shifted", "updated_at:ambiguous", None]
    assert report.flags == {"updated_at:shifted": 1, "updated_at:ambiguous": 1}


def test_an_unknown_column_is_kept_and_seen_where_it_evolves(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """Files before and after the new column are read as one stream (I4)."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\n")
    land(ws)
    drop("visits", "b.csv", "visitor,day,pages,New Thing\nbob,2024-01-31,1,x\n")
    land(ws)
    assert [(row["visitor"], row["new_thing"]) for row in rows("visits")] == [("ann", None), ("bob", "x")]


def test_select_lands_only_what_is_named_and_refuses_unknown_names(ws: Workspace, drop: Drop) -> None:
    """A source, a stream or its asset key may be named."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\n")
    drop("orders", "a.csv", "id,updated_at,amount\n1,2024-01-01T10:00:00Z,5\n")
    assert [part.stream for part in land(ws, ["landing/small/visits"]).streams] == ["visits"]
    assert land(ws, ["small"]).landed == 1
    with pytest.raises(OpsloopError, match=r"unknown stream 'small/vists'; did you mean small/visits"):
        land(ws, ["small/vists"])


def test_names_narrow_a_landing_to_some_files(ws: Workspace, drop: Drop) -> None:
    """A daily partition lands its own day's file only (O1)."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\n")
    drop("visits", "b.csv", HEADER + "bob,2024-01-31,1\n")
    assert land(ws, names={"b.csv"}).landed == 1
    assert land(ws).landed == 1


def test_files_that_no_stream_takes_are_named(ws: Workspace) -> None:
    """Nothing lies in the drop folder unseen (X8)."""
    (ws.landing / "smal" / "visits").mkdir(parents=True)
    (ws.landing / "smal" / "visits" / "a.csv").write_text("x")
    assert land(ws).notes == ["landing/smal/visits: no stream that is switched on takes this; 1 file(s) wait"]


def test_hidden_and_unfinished_files_are_left_alone(ws: Workspace, drop: Drop) -> None:
    """A file that is still being copied is not read."""
    for name in (".a.csv", "a.csv.part", "_b.csv"):
        drop("visits", name, HEADER + "ann,2024-01-31,3\n")
    assert land(ws).read == 0


def test_the_content_hash_does_not_depend_on_the_process(ws: Workspace, drop: Drop, rows: Rows) -> None:
    """Equal content is equal for ever: the hash of a known row is written down here (I5)."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\n")
    land(ws)
    (row,) = rows("visits")
    text = "\x1f".join(["_source_name:5:small", "day:5:19753", "pages:1:3", "visitor:3:ann"])
    with duckdb.connect() as con:
        assert row["_hash"] == con.execute("select md5(?)", [text]).fetchall()[0][0]


def test_two_landings_at_once_do_not_share_a_batch_number(ws: Workspace, drop: Drop) -> None:
    """The log's entry is made exclusively; the second one keeps nothing and says what to do (I5)."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\n")
    land(ws)
    (entry,) = commitlog.commits(ws)
    with pytest.raises(OpsloopError, match="another process landed a batch at the same time"):
        commitlog.commit(ws, entry)


def test_every_stream_has_a_typed_view_before_anything_landed(ws: Workspace) -> None:
    """The warehouse builds on an empty workspace."""
    with duckdb.connect() as con:
        lake.attach(con, ws)
        types = dict(con.sql("select column_name, column_type from (describe landing_small.orders)").fetchall())
        settings = con.sql("select currency, as_of_date is not null from workspace.settings").fetchall()
        streams = con.sql("select stream from workspace.streams where is_on order by 1").fetchall()
    assert types["amount"] == "DECIMAL(38,6)"
    assert types["updated_at"] == "TIMESTAMP"
    assert types["email_hash"] == "VARCHAR"
    assert settings == [("CNY", True)]
    assert streams == [("frozen",), ("orders",), ("visits",)]


def test_batches_are_shown_with_sums_that_add_up(ws: Workspace, drop: Drop) -> None:
    """Rows read = duplicates + refused + quarantined + landed, in the view that checks read (X2)."""
    drop("visits", "a.csv", HEADER + "ann,2024-01-31,3\nann,2024-01-31,3\nann,nonsense,3\n")
    land(ws)
    with duckdb.connect() as con:
        lake.attach(con, ws)
        sums = "rows_read, duplicates, refused, quarantined, landed"
        batches = con.sql(f"select {sums} from workspace.batches").fetchall()
        aside = con.sql("select stream, row, reason, column_name from workspace.quarantine").fetchall()
    assert batches == [(3, 1, 0, 1, 1)]
    assert aside == [("visits", 3, "wrong_type", "day")]
