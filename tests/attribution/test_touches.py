"""Which sessions are a conversion's touches, on a few sessions in plain DuckDB."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from attribution_sql import RULES, Company, macros
from hypothesis import example, given, settings
from hypothesis import strategies as st


@pytest.fixture
def company() -> Company:
    """Email, direct, direct, search, email in March, and an order in the session of the last."""
    made = Company()
    for name, at, channel, source in (
        ("s1", "2026-03-01 08:00:00", "email", "newsletter"),
        ("s2", "2026-03-10 08:00:00", "direct", None),
        ("s3", "2026-03-11 08:00:00", "direct", None),
        ("s4", "2026-03-20 08:00:00", "referral", "pay.example.com"),
        ("s5", "2026-03-31 07:59:00", "email", "newsletter"),
    ):
        made.session(name, "p", at, channel, source)
    made.session("other", "q", "2026-03-30 08:00:00", "email")
    made.conversion("o", "p", "2026-03-31 08:00:00", 9, session_id="s5")
    return made


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({}, "s1 s2 s3 s4 s5"),
        ({"lookback_days": 21}, "s2 s3 s4 s5"),
        ({"lookback_days": 20}, "s3 s4 s5"),
        ({"lookback_touches": 2}, "s4 s5"),
        ({"converting_session": False}, "s1 s2 s3 s4"),
        ({"exclude_channels": ["email", "it's"]}, "s2 s3 s4"),
        ({"exclude_hosts": ["example.com"]}, "s1 s2 s3 s5"),
        ({"exclude_hosts": ["ample.com"]}, "s1 s2 s3 s4 s5"),
        ({"drop_direct": True}, "s1 s4 s5"),
        ({"drop_direct": True, "exclude_channels": ["email", "referral"]}, "s2 s3"),
        ({"path": "exposure"}, "s1 s2 s4 s5"),
        ({"path": "first"}, "s1 s2 s4"),
        ({"path": "exposure", "drop_direct": True, "exclude_hosts": ["example.com"]}, "s1"),
        ({"path": "first", "lookback_touches": 2}, "s2 s4"),
    ],
)
def test_a_path_is_what_the_rules_leave_of_the_sessions(company: Company, rules: dict[str, Any], expected: str) -> None:
    """T3: look-back in days and touches, converting session, excluded channels and hosts, transforms."""
    assert company.paths(**rules) == {"o": expected.split()}


def test_a_conversion_with_every_touch_excluded_has_no_path(company: Company) -> None:
    """T3: nothing is invented where the rules leave nothing."""
    assert company.paths(exclude_channels=["email", "direct", "referral"]) == {}


def test_a_cycle_begins_after_the_conversion_before_and_a_second_order_in_one_session_keeps_that_session() -> None:
    """T3: conversion cycles or the whole history."""
    made = Company()
    for name, at in (("s1", "2026-03-01"), ("s2", "2026-03-02"), ("s3", "2026-03-05")):
        made.session(name, "p", f"{at} 08:00:00", "email")
    made.conversion("o1", "p", "2026-03-02 09:00:00", session_id="s2")
    made.conversion("o2", "p", "2026-03-02 09:10:00", session_id="s2", previous_conversion_at="2026-03-02 09:00:00")
    made.conversion("o3", "p", "2026-03-05 09:00:00", session_id="s3", previous_conversion_at="2026-03-02 09:10:00")
    assert made.paths(conversion_cycles=True) == {"o1": ["s1", "s2"], "o2": ["s2"], "o3": ["s3"]}
    assert made.paths()["o3"] == ["s1", "s2", "s3"]


def test_a_deal_looks_back_further_than_an_order_and_an_order_without_a_session_has_its_persons_touches() -> None:
    """T4: won deals and offline orders are conversions like those of the web, each with its own look-back."""
    made = Company()
    made.session("s1", "p", "2026-01-01 08:00:00", "email")
    made.session("s2", "p", "2026-03-30 08:00:00", "email")
    made.conversion("till", "p", "2026-03-31 08:00:00", 9)
    made.conversion("deal", "p", "2026-03-31 08:00:00", 9, kind="deal")
    made.conversion("late deal", "p", "2026-07-31 08:00:00", 9, kind="deal")
    assert made.paths() == {"till": ["s2"], "deal": ["s1", "s2"], "late deal": ["s2"]}


@given(st.lists(st.tuples(st.sampled_from("pq"), st.integers(0, 3), st.sampled_from("ab")), max_size=12), st.randoms())
@example([("p", 0, "a")] * 6, random.Random(1))
@settings(max_examples=25, deadline=None)
def test_touches_do_not_depend_on_the_order_of_rows_and_equal_times_go_by_session(
    sessions: list[tuple[str, int, str]], shuffle: random.Random
) -> None:
    """T2: ties in time have a stated rule."""
    named = [(f"s{i:02}", *session) for i, session in enumerate(sessions)]
    expected = {
        person: [name for name, who, *_ in sorted(named, key=lambda row: (row[2], row[0])) if who == person]
        for person in "pq"
    }
    shuffle.shuffle(named)
    made = Company()
    for name, person, day, channel in named:
        made.session(name, person, f"2026-03-1{day} 08:00:00", channel)
    for person in "pq":
        made.conversion(person, person, "2026-03-20 08:00:00")
    assert made.paths() == {person: path for person, path in expected.items() if path}


def test_journeys_that_did_not_convert_are_counted_beside_those_that_did() -> None:
    """T1: p converts and comes back, q never converts, r came for the order alone."""
    made = Company()
    for name, person, at, channel in (
        ("p1", "p", "2026-03-01 08:00:00", "ads"),
        ("p2", "p", "2026-03-02 08:00:00", "email"),
        ("p3", "p", "2026-03-05 08:00:00", "direct"),
        ("q1", "q", "2026-01-01 08:00:00", "ads"),
        ("q2", "q", "2026-03-05 08:00:00", "ads"),
        ("q3", "q", "2026-03-05 09:00:00", "email"),
        ("r1", "r", "2026-03-05 08:00:00", "email"),
    ):
        made.session(name, person, at, channel)
    made.conversion("o1", "p", "2026-03-02 09:00:00")
    made.conversion("o2", "r", "2026-03-05 09:00:00")
    rows = made.rows(_path_counts(made))
    assert sorted(rows) == [
        ("order", "ads > email", 1, 1),
        ("order", "direct", 0, 1),
        ("order", "email", 1, 0),
    ]


def _path_counts(made: Company) -> str:
    made.con.execute(f"create table trails as {macros().attribution_trails('conversions', 'sessions', 'conversions')}")
    rules = RULES | {"conversion_cycles": True}
    trails = macros().attribution_touches("trails", "sessions", rules)
    journeys = macros().attribution_journeys(f"({made.touches_sql()})", f"({trails})")
    return str(macros().attribution_path_counts(f"({journeys})"))


def test_a_day_of_the_look_back_is_24_hours() -> None:
    """T3: a touch on the edge counts, a second earlier does not."""
    for seconds, found in ((0, {"o": ["s"]}), (-1, {})):
        made = Company()
        at = dt.datetime(2026, 3, 1, 8) + dt.timedelta(seconds=seconds)
        made.session("s", "p", f"{at:%Y-%m-%d %H:%M:%S}", "email")
        made.conversion("o", "p", "2026-03-31 08:00:00")
        assert made.paths() == found
