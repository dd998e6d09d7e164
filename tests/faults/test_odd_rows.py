"""Odd rows that are whole and well-formed: figures are those worked out by hand, what is left out is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import duckdb
import odd_company
import pytest

from ingestion import quarantine
from opsloop.workspace import Workspace

BUSY, KIOSK = odd_company.BUSY_EVENTS, odd_company.PERSONS_AT_THE_KIOSK


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, built: Callable[[Workspace], Any]) -> Workspace:
    """The odd company, landed and built."""
    ws = odd_company.make(tmp_path_factory.mktemp("odd") / "ws")
    assert built(ws).build.failed == 0
    return ws


@pytest.fixture(scope="module")
def marts(odd: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """The built warehouse."""
    with duckdb.connect(str(odd.work_db), read_only=True) as con:
        con.execute("use work.marts")
        yield con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    """What the query finds."""
    return con.sql(sql).fetchall()


def left_out(con: duckdb.DuckDBPyConnection, check: str, stream: str) -> tuple[int, str]:
    """How much a line of the reconciliation says was left out, and its words."""
    line = f"where check_name = '{check}' and stream = '{stream}'"
    ((count, words),) = rows(con, f"select left_out::bigint, explanation from fct_reconciliation {line}")
    return int(count), str(words)


def test_every_stage_accounts_for_every_row(marts: duckdb.DuckDBPyConnection) -> None:
    """X2: no residual anywhere, whatever came in."""
    assert rows(marts, "select check_name, stream, residual from fct_reconciliation where not is_balanced") == []


def test_rows_from_the_future_stay_in_the_lake_and_are_counted(
    odd: Workspace, marts: duckdb.DuckDBPyConnection
) -> None:
    """X10: the last microsecond of as_of's day counts, the next does not; an order of 2031 is no order yet."""
    assert rows(marts, "select count(*), max(session_date) from fct_sessions where visitor_id = 'future'") == [
        (1, dt.date(2024, 3, 31))
    ]
    assert left_out(marts, "rows_conformed", "web__events") == (2, "2 at or after as_of, 0 lines without an order")
    assert left_out(marts, "rows_conformed", "orders__orders")[0] == 1
    assert rows(marts, "select count(*) from fct_orders where order_id = 'o_future'") == [(0,)]
    landed = rows(marts, "select count(*) from work.landing_mapped.web_events where visitor_id = 'future'")
    assert landed == [(3,)]


def test_lines_of_an_order_that_is_not_there_are_counted(marts: duckdb.DuckDBPyConnection) -> None:
    """X2, X8: one of an order still to come, one of an order nobody has heard of."""
    assert left_out(marts, "rows_conformed", "orders__items") == (2, "0 at or after as_of, 2 lines without an order")


def test_a_clock_that_was_never_set_makes_no_visit(marts: duckdb.DuckDBPyConnection) -> None:
    """I10: 1970 is left out by a rule and counted; the visitor's other event is a session of its own day."""
    found = "select session_date, pageviews from fct_sessions where visitor_id = 'epoch'"
    assert rows(marts, found) == [(dt.date(2024, 3, 5), 1)]
    assert "1 clock_not_set" in left_out(marts, "rows_in_mart", "web_events")[1]
    assert rows(
        marts, "select min(cohort_start) >= date '2024-02-26' from fct_retention where cohort_grain = 'week'"
    ) == [(True,)]


def test_a_clock_that_jumps_is_taken_by_time(marts: duckdb.DuckDBPyConnection) -> None:
    """S1: set back twenty minutes, four events are one session from the earliest; three hours ahead, two sessions."""
    found = """
        select visitor_id, session_started_at, session_ended_at, pageviews, landing_page from fct_sessions
        where visitor_id in ('back', 'ahead') order by visitor_id, session_started_at"""
    day = dt.datetime(2024, 3, 10)
    assert rows(marts, found) == [
        ("ahead", day.replace(hour=12), day.replace(hour=12, minute=10), 2, "/1"),
        ("ahead", day.replace(hour=15), day.replace(hour=15), 1, "/2"),
        ("back", day.replace(hour=9, minute=50), day.replace(hour=10, minute=8), 4, "/3"),
    ]


def test_one_person_with_an_event_a_second_is_a_machine_and_counted(marts: duckdb.DuckDBPyConnection) -> None:
    """I10: days of 2,000 events and more are left out, shown with how many; nobody else's figures move."""
    assert rows(marts, "select count(*) from fct_sessions where visitor_id = 'busy'") == [(0,)]
    count, words = left_out(marts, "rows_in_mart", "web_events")
    assert f"{BUSY} too_many_events" in words
    assert count == BUSY + 1 + 2
    ((events,),) = rows(marts, "select sum(events) from fct_sessions")
    in_time = [event for event in odd_company.EVENTS if event[2] < "2024-04-01"]
    assert events == KIOSK + len(in_time) - 3


def test_a_device_shared_by_a_thousand_people_is_a_thousand_people(marts: duckdb.DuckDBPyConnection) -> None:
    """D2, D3, D5: each owns it from the own login to the next one's; nobody merges with anybody."""
    found = """
        select count(*), count(distinct person_id), sum(pageviews), count(distinct session_started_at)
        from fct_sessions where visitor_id = 'kiosk'"""
    assert rows(marts, found) == [(KIOSK, KIOSK, KIOSK, KIOSK)]


def test_a_conversion_without_a_session_is_unattributed_and_whole(marts: duckdb.DuckDBPyConnection) -> None:
    """X2, T2: each model gives every order away, and 108.46 of 118.46 to nobody."""
    found = """
        select attribution_model, channel, sum(attributed_conversions), sum(attributed_revenue) from fct_attribution
        where conversion_kind = 'order' and attribution_model in ('first', 'last', 'linear')
        group by all order by all"""
    expected = [("organic_search", Decimal(1), Decimal("10.00")), ("unattributed", Decimal(10), Decimal("108.46"))]
    assert rows(marts, found) == [(model, *one) for model in ("first", "last", "linear") for one in expected]
    assert rows(marts, "select channel from fct_orders where order_id = 'o_lone'") == [("no_session",)]


def test_revenue_below_zero_and_of_zero_is_summed_as_it_is(marts: duckdb.DuckDBPyConnection) -> None:
    """X4: nothing is clipped; an order of nothing is an order."""
    found = """
        select order_id, revenue_gross, refunds, revenue_net from fct_orders
        where order_id in ('o_negative', 'o_zero', 'o_lone') order by order_id"""
    assert rows(marts, found) == [
        ("o_lone", Decimal("20.01"), Decimal("20.01"), Decimal(0)),
        ("o_negative", Decimal("-5.55"), Decimal(0), Decimal("-5.55")),
        ("o_zero", Decimal(0), Decimal(0), Decimal(0)),
    ]
    assert rows(marts, "select count(*), sum(revenue_gross), sum(revenue_net) from fct_orders") == [
        (11, Decimal("118.46"), Decimal("98.45"))
    ]


def test_a_currency_without_a_rate_is_left_out_and_counted(marts: duckdb.DuckDBPyConnection) -> None:
    """X4: a rate three days old holds, one of eight days or of zero does not; yen are not added to euros."""
    found = """
        select order_id, revenue_gross, is_fx_missing, fx_rate_date from fct_orders
        where currency <> 'EUR' order by order_id"""
    assert rows(marts, found) == [
        ("o_jpy", None, True, None),
        ("o_usd", Decimal("90.00"), False, dt.date(2024, 3, 12)),
        ("o_usd_old", None, True, None),
    ]
    assert left_out(marts, "orders_converted", "orders") == (2, "2 orders without an exchange rate")


def test_a_cycle_of_redirects_is_one_visit_from_where_it_began(marts: duckdb.DuckDBPyConnection) -> None:
    """S1, S4: shop, payment provider, shop, provider, shop: the search that began it keeps session and order."""
    found = """
        select session_started_at, pageviews, landing_page, source, channel, conversions from fct_sessions
        where visitor_id = 'loop'"""
    assert rows(marts, found) == [(dt.datetime(2024, 3, 11, 10), 5, "/a", "google.com", "organic_search", 1)]
    assert rows(marts, "select channel from fct_orders where order_id = 'o_loop'") == [("organic_search",)]


def test_an_id_that_is_none_makes_no_two_one(marts: duckdb.DuckDBPyConnection) -> None:
    """D3: user ids "null", "0", empty and blank are nobody's; orders of customers "null" and "0" are first ones."""
    found = "select count(*), count(distinct person_id) from fct_sessions where visitor_id like 'nobody%'"
    assert rows(marts, found) == [(6, 6)]
    found = """
        select count(*), count(distinct person_id), max(order_number) from fct_orders
        where order_id in ('o_null1', 'o_null2', 'o_0', 'o_empty')"""
    assert rows(marts, found) == [(4, 4, 1)]


def test_a_visitor_who_is_none_is_left_out_unless_the_user_is_known(marts: duckdb.DuckDBPyConnection) -> None:
    """I10, D3: visitors "0" and "null" are many people's; with a user id the visit is that user's."""
    assert "2 no_visitor" in left_out(marts, "rows_in_mart", "web_events")[1]
    assert rows(marts, "select count(*) from fct_sessions where visitor_id in ('0', 'null')") == [(0,)]
    assert rows(marts, "select pageviews from fct_sessions where visitor_id = 'user:u_real'") == [(1,)]


def test_a_row_without_its_own_id_is_aside_with_the_reason(odd: Workspace) -> None:
    """X8: an event and an order without an id; all else landed."""
    aside = quarantine.rows(odd).select("stream", "reason", "column_name").sort("stream").rows()
    assert aside == [("orders", "missing_key", "order_id"), ("web_events", "missing_key", "event_id")]
