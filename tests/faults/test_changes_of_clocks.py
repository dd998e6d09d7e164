"""Days of 23 and of 25 hours from file to mart, and requests of the company's own office (X3, I10)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import clock_company
import duckdb
import pytest
from clock_company import LONG, SHORT, ZONE

from opsloop.workspace import Workspace


@pytest.fixture(scope="module")
def clocks(tmp_path_factory: pytest.TempPathFactory, built: Callable[[Workspace], Any]) -> Workspace:
    """The company, landed and built."""
    ws = clock_company.make(tmp_path_factory.mktemp("clocks") / "ws")
    assert built(ws).build.failed == 0
    return ws


@pytest.fixture
def marts(clocks: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """The built warehouse."""
    with duckdb.connect(str(clocks.work_db), read_only=True) as con:
        con.execute("use work.marts")
        yield con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """What the query finds."""
    return con.sql(sql).fetchall()


def occurs_twice(moment: dt.datetime) -> bool:
    """Whether the clock on the wall shows the instant's local time twice."""
    local = moment.astimezone(ZONE)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


@pytest.mark.parametrize("source", ["utc", "wall"])
def test_a_day_of_23_or_25_hours_has_each_of_its_events_once(marts: duckdb.DuckDBPyConnection, source: str) -> None:
    """X3: every quarter of an hour is an event and a visit of its local day, whichever clock told it."""
    days = Counter(moment.astimezone(ZONE).date() for moment in clock_company.instants())
    assert (days[LONG], days[SHORT], days[LONG + dt.timedelta(days=1)]) == (100, 92, 96)
    for mart, day in (("fct_events", "event_date"), ("fct_sessions", "session_date")):
        found = f"select {day}, count(*) from {mart} where visitor_id like '{source}%' group by all"
        assert dict(rows(marts, found)) == dict(days), mart
    found = f"select count(*), count(distinct event_id) from fct_events where visitor_id like '{source}%'"
    assert rows(marts, found) == [(days.total(), days.total())]


def test_every_stage_accounts_for_every_row(marts: duckdb.DuckDBPyConnection) -> None:
    """X2: no residual anywhere over either change."""
    assert rows(marts, "select check_name, stream, residual from fct_reconciliation where not is_balanced") == []


def test_each_stream_says_how_many_of_its_times_were_doubtful(marts: duckdb.DuckDBPyConnection) -> None:
    """X3: UTC has none; of the clock on the wall, both turns of the hour that came twice."""
    twice = sum(occurs_twice(moment) for moment in clock_company.instants())
    found = "select stream, rows_shifted, rows_ambiguous from fct_freshness where rows > 0 order by stream"
    assert twice == 8
    assert rows(marts, found) == [
        ("order_items", 0, 0),
        ("orders", 1, 1),
        ("requests", 0, 0),
        ("web_events", 0, twice),
    ]


def test_an_order_says_that_its_time_was_skipped_or_came_twice(marts: duckdb.DuckDBPyConnection) -> None:
    """X3: the skipped one lies an hour later on its own day, of two the first counts, the others are sure."""
    found = "select order_id, ordered_at, order_date, time_flags from fct_orders order by order_id"
    assert rows(marts, found) == [
        ("o_after", dt.datetime(2018, 11, 4, 3, 30), SHORT, None),
        ("o_last", dt.datetime(2018, 11, 4, 2, 59, 59), SHORT - dt.timedelta(days=1), None),
        ("o_plain", dt.datetime(2018, 2, 17, 14), LONG, None),
        ("o_skipped", dt.datetime(2018, 11, 4, 3, 30), SHORT, "ordered_at:shifted"),
        ("o_twice", dt.datetime(2018, 2, 18, 1, 30), LONG, "ordered_at:ambiguous"),
    ]


def test_staging_says_which_events_a_change_of_clocks_made_doubtful(marts: duckdb.DuckDBPyConnection) -> None:
    """X3: by the id that the event has in its mart."""
    told = {f"wall{n:04}" for n, moment in enumerate(clock_company.instants()) if occurs_twice(moment)}
    found = rows(
        marts,
        "select event_id, time_flags from fct_events join work.staging.stg_mapped__web_events using (event_id)"
        " where time_flags is not null",
    )
    assert set(found) == {(event, "event_at:ambiguous") for event in told}


def test_page_views_from_own_networks_are_no_visits_and_counted_by_their_rule(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    """I10: three views of the office leave by one rule, two of others stay, a stylesheet is no view anyway."""
    removed = "select kind, date_day, events from fct_rule_removals where rule = 'own_network'"
    assert rows(marts, removed) == [("internal", SHORT, 3)]
    views = "select count(*) from fct_events where event_id not like 'utc%' and event_id not like 'wall%'"
    assert rows(marts, views) == [(2,)]
    left = "select explanation from fct_reconciliation where check_name = 'rows_in_mart' and stream = 'web_events'"
    assert rows(marts, left) == [("3 own_network",)]
