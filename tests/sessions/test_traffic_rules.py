"""Bots, internal traffic, test orders and rows nobody can use, against the rules tried one by one."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
import session_sql
from hypothesis import given, settings
from hypothesis import strategies as st

from opsloop.errors import OpsloopError
from opsloop.settings import parse_settings

RULES = {"rule_rank": "bigint", "rule": "varchar", "kind": "varchar", "field": "varchar", "pattern": "varchar"}
ORDERS = {
    **dict.fromkeys(("source_name", "order_id", "status", "customer_id", "user_id"), "varchar"),
    **{"order_date": "date", "is_test": "boolean"},
}
DAYS = (dt.date(1970, 1, 1), dt.date(2026, 3, 1), dt.date(2026, 3, 2))
OWN = [
    {"rule": "our_checker", "kind": "keep", "field": "user_agent", "pattern": "shopbot/.*"},
    {"rule": "office", "kind": "internal", "field": "user_id", "pattern": "staff-.*"},
]


def _rules(connection: duckdb.DuckDBPyConnection, most_events: int) -> list[dict[str, Any]]:
    """The company's own rules, then the defaults with a smaller limit of events."""
    session_sql.seed(connection, "traffic_rules", priority="bigint", at_least="bigint")
    found = connection.sql("select rule, kind, field, pattern, at_least from traffic_rules order by priority")
    defaults = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    rules = [{**rule, "rule_rank": rank} for rank, rule in enumerate([*OWN, *defaults], start=1)]
    for rule in rules:
        rule["at_least"] = most_events if rule["field"] == "events_per_day" else None
    session_sql.table(connection, "int_traffic__rules", {**RULES, "at_least": "bigint"}, rules)
    return rules


def _first(rules: list[dict[str, Any]], event: dict[str, Any], of_day: int, test_orders: set[str]) -> str | None:
    """The rule that removes the event, by trying one after the other."""
    values = {
        **event,
        "has_visitor": "false" if event["visitor_id"] is None else "true",
        "event_date": event["event_date"].isoformat(),
        "order_is_test": "true" if event["order_id"] in test_orders else None,
    }
    for rule in rules:
        if rule["field"] == "events_per_day":
            hit = event["visitor_id"] is not None and of_day >= rule["at_least"]
        else:
            value = values.get(rule["field"])
            hit = value is not None and re.fullmatch(rule["pattern"], value, re.IGNORECASE) is not None
        if hit:
            return None if rule["kind"] == "keep" else str(rule["rule"])
    return None


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events that meet several rules at once."""
    one = st.fixed_dictionaries(
        {
            "visitor_id": st.sampled_from([None, "ann", "bob"]),
            "event_date": st.sampled_from(DAYS),
            "user_agent": st.sampled_from(
                [None, "Mozilla/5.0 (Windows NT 10.0)", "Googlebot/2.1", "Shopbot/1", "curl/8.5.0", "CUBOT NOTE"]
            ),
            "traffic_type": st.sampled_from([None, "internal", "partner"]),
            "page_host": st.sampled_from([None, "shop.example", "staging.shop.example"]),
            "page_path": st.sampled_from(["/", "/wp-login.php", "/blog/.env"]),
            "user_id": st.sampled_from([None, "staff-7", "u1"]),
            "order_id": st.sampled_from([None, "o1", "t1"]),
        }
    )
    drawn = draw(st.lists(one, max_size=12))
    return [{**event, "event_id": f"e{n:02}", "event_at": event["event_date"]} for n, event in enumerate(drawn)]


@pytest.fixture(scope="module")
def warehouse() -> Iterator[tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]]]:
    """A warehouse with rules and two orders, one of which its shop marks as a test."""
    with session_sql.connect() as connection:
        rules = _rules(connection, most_events=4)
        orders = [{"order_id": "o1", "is_test": False}, {"order_id": "t1", "is_test": True}]
        session_sql.table(connection, "int_orders__orders", ORDERS, orders)
        session_sql.build(connection, "int_traffic__test_orders")
        yield connection, rules


@settings(max_examples=25, deadline=None)
@given(drawn=events())
def test_the_first_rule_that_matches_removes_an_event_and_the_rest_counts(
    warehouse: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]], drawn: list[dict[str, Any]]
) -> None:
    """I10: own rules before the defaults, `keep` lets pass; X2: removed and counted events are all events."""
    connection, rules = warehouse
    of_day = Counter((event["visitor_id"], event["event_date"]) for event in drawn)
    reasons = {
        event["event_id"]: _first(rules, event, of_day[event["visitor_id"], event["event_date"]], {"t1"})
        for event in drawn
    }
    session_sql.table(connection, "int_web__events", session_sql.TYPES, drawn)
    session_sql.build(connection, "int_traffic__removed", "int_traffic__events")
    removed = dict(connection.sql("select event_id, rule from int_traffic__removed").fetchall())
    counted = {row[0] for row in connection.sql("select event_id from int_traffic__events").fetchall()}
    assert removed == {event: rule for event, rule in reasons.items() if rule}
    assert counted == {event for event, rule in reasons.items() if not rule}


def _removed(
    warehouse: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]], drawn: list[dict[str, Any]]
) -> dict[str, str]:
    connection, _ = warehouse
    session_sql.table(connection, "int_web__events", session_sql.TYPES, drawn)
    session_sql.build(connection, "int_traffic__removed")
    return dict(connection.sql("select event_id, rule from int_traffic__removed").fetchall())


def test_a_companys_keep_lets_pass_what_a_default_would_remove(
    warehouse: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]],
) -> None:
    """I10: the company's own tool is no robot."""
    agents = {"own": "Shopbot/1", "robot": "Googlebot/2.1"}
    drawn = [{"event_id": name, "visitor_id": name, "user_agent": agent} for name, agent in agents.items()]
    assert _removed(warehouse, drawn) == {"robot": "robot"}


def test_page_views_from_own_networks_leave_by_a_rule_of_their_own(
    warehouse: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]],
) -> None:
    """I10: what landing marked is removed before its user agent is looked at; whoever else asked is a visitor."""
    connection, _ = warehouse
    texts = ("visitor_hash", "server", "method", "target", "referrer", "user_agent", "left_out_reason", "source_name")
    types = {
        **dict.fromkeys(texts, "varchar"),
        **dict.fromkeys(("status", "bytes_sent", "repeat"), "bigint"),
        **{"requested_at": "timestamp", "is_internal": "boolean"},
    }
    asked = [("office", "Mozilla/5.0", True), ("monitor", "curl/8.5.0", True), ("guest", "Mozilla/5.0", False)]
    requests = [
        {"visitor_hash": name, "target": "/", "user_agent": agent, "is_internal": own} for name, agent, own in asked
    ]
    session_sql.table(connection, "int_web__access_log_requests", types, requests)
    session_sql.build(connection, "int_web__access_logs")
    found = connection.sql("select visitor_id, traffic_type, user_agent from int_web__access_logs").fetchall()
    drawn = [{"event_id": name, "visitor_id": name, "traffic_type": t, "user_agent": agent} for name, t, agent in found]
    assert _removed(warehouse, drawn) == {"office": "own_network", "monitor": "own_network"}


def test_a_day_of_exactly_so_many_events_is_a_machines_and_one_of_fewer_is_not(
    warehouse: tuple[duckdb.DuckDBPyConnection, list[dict[str, Any]]],
) -> None:
    """I10: the limit itself counts, on that day only."""
    days = [DAYS[1]] * 4 + [DAYS[2]] * 3
    drawn = [{"event_id": f"e{n}", "visitor_id": "v", "event_date": day} for n, day in enumerate(days)]
    assert _removed(warehouse, drawn) == {f"e{n}": "too_many_events" for n in range(4)}


def test_each_default_rule_matches_its_example_and_no_rule_before_it_of_the_same_field() -> None:
    """I10: an example that meets an earlier rule shows a rule out of place."""
    with session_sql.connect() as connection:
        session_sql.seed(connection, "traffic_rules", priority="bigint")
        rules = connection.sql("select rule, field, pattern, example from traffic_rules order by priority").fetchall()
    for rule, field, pattern, example in rules:
        if field != "events_per_day":
            hits = [r for r, f, p, _ in rules if f == field and re.fullmatch(p, example, re.IGNORECASE)]
            assert hits[0] == rule, (rule, pattern)


@pytest.mark.parametrize("word", ["", " ", "0", "null", "NULL", "None", "undefined", "(not set)", "-", "nan"])
def test_a_word_for_no_id_is_no_id(word: str) -> None:
    """S1: such words would make one visitor of many."""
    call = session_sql.called("real_id('id')")
    with duckdb.connect() as connection:
        found = connection.execute(f"select {call} from (select ? as id)", [word]).fetchall()
        kept = connection.execute(f"select {call} from (select '00' as id)").fetchall()
    assert (found, kept) == ([(None,)], [("00",)])


def test_a_test_order_by_its_number_takes_its_purchase_along() -> None:
    """I10: orders have rules too, and what the web tells of a removed order is removed with it."""
    with session_sql.connect() as connection:
        rule = {"rule_rank": 1, "rule": "trial", "kind": "test_order", "field": "order_id", "pattern": "trial-.*"}
        session_sql.table(connection, "int_traffic__rules", {**RULES, "at_least": "bigint"}, [rule])
        orders = [{"source_name": "shop", "order_id": name} for name in ("trial-1", "o2")]
        session_sql.table(connection, "int_orders__orders", ORDERS, orders)
        bought = [{"event_id": name, "order_id": name, "visitor_id": "v"} for name in ("TRIAL-1", "trial-1", "o2")]
        session_sql.table(connection, "int_web__events", session_sql.TYPES, bought)
        session_sql.build(connection, "int_traffic__test_orders", "int_traffic__removed")
        assert connection.sql("select order_id, rule from int_traffic__test_orders").fetchall() == [
            ("trial-1", "trial")
        ]
        assert connection.sql("select event_id from int_traffic__removed").fetchall() == [("trial-1",)]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"rule": "a", "kind": "bot", "field": "events_per_day", "pattern": "x"}, "needs at_least and no pattern"),
        ({"rule": "a", "kind": "bot", "field": "user_agent"}, "needs pattern and no at_least"),
        ({"rule": "a", "kind": "robot", "field": "user_agent", "pattern": "x"}, "'internal', 'bot'"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_what_it_needs(rule: dict[str, Any], said: str) -> None:
    """I10: rules are data, and wrong data is one clear line."""
    with pytest.raises(OpsloopError, match=re.escape(said)):
        parse_settings({"version": 1, "traffic_rules": [rule]}, "opsloop.yaml")
