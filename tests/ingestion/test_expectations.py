"""Great Expectations on landed batches, with docs that a person can open without a network (I11)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from ingestion import expectations, lake
from ingestion.landing import land
from opsloop.workspace import Workspace

Drop = Callable[..., Path]
HEADER = "visitor,day,pages\n"


@pytest.fixture
def landed(ws: Workspace, drop: Drop) -> Workspace:
    """Two hundred usual visits in a first batch."""
    lines = [f"v{i},2024-01-31,{i % 7}\n" for i in range(200)]
    drop("visits", "a.csv", HEADER + "".join(lines))
    land(ws)
    return ws


def outcome(ws: Workspace) -> dict[tuple[str, str | None], bool]:
    """What held, by expectation and column."""
    return {(r.expectation, r.column_name): r.success for r in expectations.validate(ws, [("small", "visits")])}


def test_a_sound_batch_meets_volume_key_and_nulls(landed: Workspace) -> None:
    """The suite comes from the contract."""
    held = outcome(landed)
    assert all(held.values())
    assert {name for name, _ in held} == {"volume", "quarantined share", "key", "not empty"}


def test_a_mean_far_from_earlier_batches_is_noticed(landed: Workspace, drop: Drop) -> None:
    """A unit that changes upstream (pages in thousands) does not pass unseen."""
    drop("visits", "b.csv", HEADER + "".join(f"w{i},2024-02-01,{1000 + i}\n" for i in range(150)))
    land(landed)
    assert outcome(landed)["distribution", "pages"] is False


def test_two_versions_of_a_key_in_one_file_and_many_rows_aside_are_noticed(landed: Workspace, drop: Drop) -> None:
    """A file that contradicts itself, and one of which much is broken, warn."""
    drop("visits", "b.csv", HEADER + "x,2024-02-01,1\nx,2024-02-01,2\ny,2024-02-01,many\n")
    land(landed)
    held = outcome(landed)
    assert held["key", "visitor, day"] is False
    assert held["quarantined share", None] is False


def test_results_are_a_table_and_a_page_that_needs_no_network(landed: Workspace) -> None:
    """The page names every expectation and loads nothing from anywhere."""
    results = expectations.validate(landed)
    with duckdb.connect() as con:
        lake.attach(con, landed)
        (count,) = con.sql("select count(*) from workspace.expectations where success").fetchall()
    assert count == (len(results),)
    page = (landed.state / "gx" / "data_docs" / "index.html").read_text()
    assert all(result.expectation in page for result in results)
    assert not re.findall(r"(?:src|href)\s*=\s*['\"]?(?:https?:)?//|@import|url\(", page)
    suite = json.loads((landed.state / "gx" / "suites" / "small__visits.json").read_text())
    assert len(suite["expectations"]) == len(results)


def test_a_stream_that_never_landed_has_no_results(ws: Workspace) -> None:
    """Nothing is imported and nothing fails where there is nothing to check."""
    assert expectations.validate(ws, [("small", "orders")]) == []


def test_a_stream_checked_again_replaces_its_results_and_keeps_the_others(landed: Workspace, drop: Drop) -> None:
    """The table holds the newest outcome of each stream."""
    drop("orders", "a.csv", "id,updated_at,amount\n1,2024-01-01T10:00:00Z,5\n")
    land(landed)
    before = len(expectations.validate(landed))
    expectations.validate(landed, [("small", "orders")])
    with duckdb.connect() as con:
        lake.attach(con, landed)
        (count,) = con.sql("select count(*) from workspace.expectations").fetchall()
    assert count == (before,)
