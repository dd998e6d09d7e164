"""Lifecycle and states of activity against brute force: nobody is lost between two periods or two days."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from model_sql import Tables
from retention_oracle import first_day, later

LAST = dt.date(2026, 6, 30)
DAYS = {"activity": "varchar", "person_id": "varchar", "active_date": "date"}
# Gaps at both sides of every limit of the growth model, and some others.
GAPS = st.sampled_from((1, 2, 6, 7, 8, 29, 30, 31, 45, 90))
HISTORIES = st.dictionaries(
    st.sampled_from("pqrs"), st.tuples(st.integers(0, 120), st.lists(GAPS, max_size=6)), min_size=1
)


def _days(histories: dict[str, tuple[int, list[int]]]) -> dict[str, set[dt.date]]:
    persons = {}
    for person, (back, gaps) in histories.items():
        first = LAST - dt.timedelta(back + sum(gaps))
        persons[person] = {first + dt.timedelta(sum(gaps[:n])) for n in range(len(gaps) + 1)}
    return persons


def _tables(persons: dict[str, set[dt.date]], week_offset: int = 0) -> Tables:
    tables = Tables(LAST, week_offset)
    rows = [("session", person, day) for person, days in persons.items() for day in sorted(days)]
    tables.give("int_retention__person_days", DAYS, rows)
    return tables


def _state(days: set[dt.date], day: dt.date) -> str:
    """Return the state of Duolingo's growth model, asked of the days themselves."""
    past = {(day - other).days for other in days if other < day}
    if not past and day not in days:
        return "unseen"
    if day in days:
        if not past:
            return "new"
        return "current" if min(past) <= 7 else "reactivated" if min(past) <= 30 else "resurrected"
    return "at_risk_wau" if min(past) <= 6 else "at_risk_mau" if min(past) <= 29 else "dormant"


def test_a_state_holds_for_as_many_days_as_it_says() -> None:
    """R5: 7 days away is current, 8 and 30 reactivated, 31 resurrected; at risk until the 7th and the 30th day."""
    first = LAST - dt.timedelta(120)
    days = {first + dt.timedelta(n) for n in (0, 7, 15, 45, 76)}
    tables = _tables({"p": days})
    tables.build("int_retention__activity_states")
    spans = "select state, first_day, last_day from int_retention__activity_states order by first_day"
    assert [(state, (a - first).days, b and (b - first).days) for state, a, b in tables.rows(spans)] == [
        ("new", 0, 0),
        ("at_risk_wau", 1, 6),
        ("current", 7, 7),
        ("at_risk_wau", 8, 13),
        ("at_risk_mau", 14, 14),
        ("reactivated", 15, 15),
        ("at_risk_wau", 16, 21),
        ("at_risk_mau", 22, 44),
        ("reactivated", 45, 45),
        ("at_risk_wau", 46, 51),
        ("at_risk_mau", 52, 74),
        ("dormant", 75, 75),
        ("resurrected", 76, 76),
        ("at_risk_wau", 77, 82),
        ("at_risk_mau", 83, 105),
        ("dormant", 106, None),
    ]


def test_who_was_here_the_week_before_returns_and_who_skipped_it_is_resurrected() -> None:
    """R5, X2: one person over weeks 0, 1 and 3: new, returning, dormant, resurrected."""
    monday = dt.date(2026, 6, 8)
    tables = _tables({"p": {monday + dt.timedelta(7 * n) for n in (0, 1, 3)}})
    tables.build("int_retention__person_periods", "fct_lifecycle")
    kinds = "new_persons, returning_persons, resurrected_persons, dormant_persons"
    found = tables.rows(f"select {kinds} from fct_lifecycle where period_grain = 'week' order by period_start")
    assert found == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1), (0, 0, 1, 0)]


@settings(max_examples=25, deadline=None)
@given(histories=HISTORIES)
def test_moves_between_states_are_those_of_each_person_on_each_day(
    histories: dict[str, tuple[int, list[int]]],
) -> None:
    """R5, X2: new, current, reactivated, resurrected, at risk of week and month, dormant, and each day adds up."""
    persons = _days(histories)
    tables = _tables(persons)
    tables.build("int_retention__activity_states", "fct_activity_states_daily")
    expected: Counter[tuple[dt.date, str, str]] = Counter()
    for days in persons.values():
        for n in range((LAST - min(days)).days + 1):
            day = min(days) + dt.timedelta(n)
            expected[day, _state(days, day - dt.timedelta(1)), _state(days, day)] += 1
    found = tables.rows("select date_day, state_before, state, persons from fct_activity_states_daily")
    assert {(day, before, state): n for day, before, state, n in found} == expected
    standing: dict[dt.date, Counter[str]] = {}
    left: dict[dt.date, Counter[str]] = {}
    for day, before, state, n in found:
        standing.setdefault(day, Counter())[state] += n
        left.setdefault(day - dt.timedelta(1), Counter())[before] += n if before != "unseen" else 0
    assert all(+left[day] == standing[day] for day in standing if day < LAST)


@settings(max_examples=25, deadline=None)
@given(histories=HISTORIES, week_offset=st.integers(0, 6))
def test_new_returning_and_resurrected_are_all_who_are_active(
    histories: dict[str, tuple[int, list[int]]], week_offset: int
) -> None:
    """R5, X2: counted person by person; who was there the period before is back or dormant."""
    persons = _days(histories)
    tables = _tables(persons, week_offset)
    tables.build("int_retention__person_periods", "fct_lifecycle")
    for grain in ("week", "month"):
        found = tables.rows(
            "select period_start, active_persons, previous_active_persons, new_persons, returning_persons,"
            f" resurrected_persons, dormant_persons from fct_lifecycle where period_grain = '{grain}' order by all"
        )
        active = {p: {first_day(day, grain, week_offset) for day in days} for p, days in persons.items()}
        period = min(min(periods) for periods in active.values())
        expected = []
        while period <= LAST:
            expected.append((period, *_lifecycle(active, period, later(period, -1, grain))))
            period = later(period, 1, grain)
        assert found == expected


def _lifecycle(active: dict[str, set[dt.date]], period: dt.date, before: dt.date) -> tuple[int, ...]:
    here = {p for p, periods in active.items() if period in periods}
    there = {p for p, periods in active.items() if before in periods}
    ever = {p for p, periods in active.items() if min(periods) < period}
    return len(here), len(there), len(here - ever), len(here & there), len(here & ever - there), len(there - here)
