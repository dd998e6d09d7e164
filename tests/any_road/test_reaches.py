"""What a late row can change is made anew, however far from it that lies (X7)."""

from __future__ import annotations

from pathlib import Path

import company
import duckdb
from plan import Plan, marts
from roads import travelled

VISITS = ("page_view", "/", "", "", "", "mobile", "")
# Visitor, user, when, and for whom it is the same day later.
BEFORE = [
    ("next_day", "", "2024-05-31T00:30:00Z"),  # the first hours after the first build's day
    ("last_day", "", "2024-06-11T15:30:00Z"),  # the last hour of the second build's day
    ("two_runs", "", "2024-05-10T10:00:00Z"),
    ("two_runs", "", "2024-05-10T10:40:00Z"),
    ("renamed", "u_renamed", "2024-05-11T10:00:00Z"),
    ("buyer", "", "2024-05-12T10:00:00Z"),
    ("trial", "", "2024-05-12T11:00:00Z"),
    ("touched", "u_touched", "2024-05-13T10:00:00Z"),
    ("late_touch", "u_late", "2024-05-14T10:00:00Z"),
    ("maturing", "", "2024-05-29T10:00:00Z"),
    ("again", "u_again", "2024-04-01T10:00:00Z"),  # known before any order, and too long ago to be a touch
    ("again", "u_again", "2024-05-15T10:00:00Z"),
    ("ripening", "u_ripe", "2024-05-20T10:00:00Z"),  # its windows of return close between the builds
    ("dormant_first", "", "2024-03-02T10:00:00Z"),  # silent for 90 days on the day after the first build's
    ("dormant_last", "", "2024-03-13T10:00:00Z"),  # and on the second build's day
]
AFTER = [
    ("two_runs", "", "2024-05-10T10:20:00Z"),
    ("late_touch", "u_late", "2024-05-13T09:00:00Z"),
]


def _events(visits: list[tuple[str, str, str]], start: int) -> list[tuple[str, ...]]:
    return [(f"e{start + number}", *visit, *VISITS) for number, visit in enumerate(visits)]


def _purchase(visitor: str, order: str, at: str) -> tuple[str, ...]:
    return (f"p_{order}", visitor, "", at, "purchase", "/paid", "", "", "", "mobile", order)


def _order(order: str, customer: str, user: str, at: str) -> tuple[str, ...]:
    return (order, customer, user, at, "CNY", "false", at)


def _items(orders: list[tuple[str, ...]], gross: str) -> list[tuple[str, ...]]:
    return [(f"i_{order[0]}", order[0], "sku1", "1", gross) for order in orders]


def _first() -> company.Rows:
    rows: company.Rows = {name: [] for name in company.COLUMNS}
    rows["web_events"] = [
        *_events(BEFORE, 0),
        _purchase("buyer", "bought", "2024-05-12T10:05:00Z"),
        _purchase("trial", "trial-1", "2024-05-12T11:05:00Z"),
    ]
    rows["orders"] = [
        _order("known", "c_late", "u_late", "2024-05-14T10:10:00Z"),
        _order("second", "c_again", "u_again", "2024-05-15T10:10:00Z"),
        _order("ripe", "c_ripe", "u_ripe", "2024-05-21T10:00:00Z"),
    ]
    rows["order_items"] = _items(rows["orders"], "10.05")
    return rows


def _second() -> company.Rows:
    """Late events, orders that events or persons were waiting for, an order before a known one, a lead that renames."""
    rows: company.Rows = {name: [] for name in company.COLUMNS}
    rows["web_events"] = _events(AFTER, 100)
    rows["orders"] = [
        _order("bought", "c_bought", "u_buyer", "2024-05-12T10:05:00Z"),
        _order("trial-1", "c_trial", "", "2024-05-12T11:05:00Z"),
        _order("unseen", "c_touched", "u_touched", "2024-05-13T12:00:00Z"),
        _order("first", "c_again", "u_again", "2024-05-05T10:00:00Z"),
    ]
    rows["order_items"] = _items(rows["orders"], "20.10")
    rows["crm_leads"] = [("l1", "k1", "u_renamed", "2024-05-02T08:00:00Z", "web")]
    return rows


def test_what_a_late_row_can_change_is_made_anew_and_comes_out_as_in_a_whole_build(plan: Plan, tmp_path: Path) -> None:
    """X7: sessions that become one, owners that change without an event of theirs, days that begin to count."""
    first, second = _first(), _second()
    together = {name: first[name] + second[name] for name in company.COLUMNS}
    whole = travelled(tmp_path / "whole", plan, [together], ["2024-06-11"])
    sliced = travelled(tmp_path / "sliced", plan, [first, second], ["2024-05-30", "2024-06-11"])
    expected, found = marts(whole, plan.marts), marts(sliced, plan.marts)
    assert {name for name, cells in expected.items() if found[name] != cells} == set()
    assert len(found["fct_sessions"]) == 15


def test_journeys_follow_kinds_of_conversion_that_come_up_and_end(plan: Plan, tmp_path: Path) -> None:
    """X7, T1: a first order gives all who came a journey without one, the only deal takes its kind's with it."""
    rows: company.Rows = {name: [] for name in company.COLUMNS}
    at = "2024-05-10T10:00:00Z"
    visits = _events([("visitor", "", at), ("buyer", "u_buyer", at), ("client", "u_client", at)], 0)
    deal = ("d1", "l1", at, at)
    first = rows | {
        "web_events": visits,
        "crm_leads": [("l1", "k1", "u_client", at, "web")],
        "crm_deals": [(*deal, "true", "CNY", "500.50")],
    }
    order = _order("o1", "c1", "u_buyer", "2024-05-11T10:00:00Z")
    second = rows | {
        "orders": [order],
        "order_items": _items([order], "10.05"),
        "crm_deals": [(*deal, "false", "CNY", "500.50")],
    }
    days = ["2024-05-30", "2024-06-11"]
    sliced = travelled(tmp_path / "sliced", plan, [first, second], days)
    with duckdb.connect(str(sliced.work_db), read_only=True) as con:
        paths = con.sql("select * from intermediate.int_attribution__path_counts order by all").fetchall()
    assert paths == [("order", "direct", 1, 2)]
