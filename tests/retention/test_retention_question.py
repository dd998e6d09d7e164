"""The retention question against brute force, for each of its options."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from question_sql import Asking, shown
from retention_oracle import Asked, Event, cells, means

# Days around which clocks change in these zones: 23, 25 and 24 hours.
ZONES = {
    "Europe/Berlin": (dt.datetime(2026, 3, 26, tzinfo=dt.UTC), dt.date(2026, 4, 30)),
    "America/New_York": (dt.datetime(2025, 10, 30, tzinfo=dt.UTC), dt.date(2025, 12, 10)),
    "Asia/Shanghai": (dt.datetime(2026, 1, 29, tzinfo=dt.UTC), dt.date(2026, 3, 2)),
}
BRACKETS = (((0, 0), (1, 2), (3, 6)), ((1, 3), (1, 5)), ((0, 1), (2, 9)))


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Event]]:
    """Draw a zone and events of a few persons in the weeks after its clocks change."""
    zone = draw(st.sampled_from(sorted(ZONES)))
    begin, last = ZONES[zone]
    hours = int((dt.datetime.combine(last, dt.time(), dt.UTC) - begin).total_seconds() // 3600)
    event = st.tuples(
        st.sampled_from("pqr"),
        st.sampled_from("ab"),
        # Whole hours make ends of windows and midnights meet; the rest lies between.
        st.one_of(st.integers(0, 130), st.integers(0, hours)).map(lambda hour: begin + dt.timedelta(hours=hour)),
    )
    return zone, draw(st.lists(event, max_size=14))


@st.composite
def questions(draw: st.DrawFn) -> tuple[Asked, list[Event]]:
    """Draw a question and the events it is asked of."""
    zone, events = draw(histories())
    last = ZONES[zone][1]
    cohorts_from = draw(st.none() | st.integers(20, 40).map(lambda days: last - dt.timedelta(days)))
    return Asked(
        start=draw(st.sampled_from(("first", "recurring"))),
        return_activity=draw(st.sampled_from("ab")),
        grain=draw(st.sampled_from(("day", "week", "month"))),
        clock=draw(st.sampled_from(("calendar", "rolling"))),
        kind=draw(st.sampled_from(("on", "after", "brackets"))),
        brackets=draw(st.sampled_from(BRACKETS)),
        horizon=draw(st.sampled_from((None, 3, 9))),
        week_offset=draw(st.integers(0, 6)),
        zone=zone,
        denominator=draw(st.sampled_from(("cohort", "previous"))),
        cohorts_from=cohorts_from,
        cohorts_until=cohorts_from and draw(st.none() | st.just(cohorts_from + dt.timedelta(12))),
        as_of_date=last,
        arrived_until=last - dt.timedelta(draw(st.sampled_from((0, 0, 1, 5)))),
    ), events


@settings(max_examples=120, deadline=None)
@given(question=questions())
def test_cells_means_and_persons_are_those_of_brute_force(question: tuple[Asked, list[Event]]) -> None:
    """R1, R2, R3, R4, X3, X5, S10: every option, on days of 23 and 25 hours and weeks that begin on any day."""
    asked, events = question
    expected = cells(asked, events)
    asking = Asking(asked, events)
    assert asking.cells() == {cell: shown(counts) for cell, counts in expected.items()}
    found, due = asking.means(), means(expected)
    assert set(found) == set(due)
    assert all(found[cell] == pytest.approx(mean) for cell, mean in due.items())
    for cell, counts in list(expected.items())[:3]:
        assert asking.persons(cell, back=True) == sorted(counts.back)
        assert asking.persons(cell, back=False) == sorted(counts.cohort - counts.back)


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_a_return_may_be_another_activity_but_not_an_earlier_one() -> None:
    """R1: an order before the first visit of the day is no return to it."""
    asked = Asked(grain="day", return_activity="b", horizon=1)
    events = [("p", "b", _at("2026-03-02 08:00")), ("p", "a", _at("2026-03-02 09:00"))]
    assert Asking(asked, events).cells()[dt.date(2026, 3, 2), 0, 0][2] == 0
    events.append(("p", "b", _at("2026-03-02 10:00")))
    assert Asking(asked, events).cells()[dt.date(2026, 3, 2), 0, 0][2] == 1


def test_a_recurring_start_makes_a_cohort_of_each_period() -> None:
    """R1: with a first-ever start the second month is a return, with a recurring one a cohort as well."""
    events = [("p", "a", _at("2026-01-05 00:00")), ("p", "a", _at("2026-02-05 00:00"))]
    first = Asking(Asked(grain="month"), events).cells()
    again = Asking(Asked(grain="month", start="recurring"), events).cells()
    assert {cell[0] for cell in first} == {dt.date(2026, 1, 1)}
    assert {cell[0] for cell in again} == {dt.date(2026, 1, 1), dt.date(2026, 2, 1)}
    assert again[dt.date(2026, 1, 1), 1, 1] == first[dt.date(2026, 1, 1), 1, 1] == (1, 1, 1, "mature")


def test_a_first_start_is_the_first_ever_on_the_rolling_clock_too() -> None:
    """R1, R3: who starts in two months is of the first one's cohort alone."""
    events = [("p", "a", _at("2026-01-05 00:00")), ("p", "a", _at("2026-02-05 00:00"))]
    found = Asking(Asked(grain="month", clock="rolling"), events).cells()
    assert {cell[0] for cell in found} == {dt.date(2026, 1, 1)}


def test_on_and_after_counts_who_came_later_and_brackets_who_came_within() -> None:
    """R2: back on day 4 only: not on day 2, but on or after it, and within days 3 to 5."""
    events = [("p", "a", _at("2026-03-02 09:00")), ("p", "a", _at("2026-03-06 09:00"))]
    cohort = dt.date(2026, 3, 2)
    on = Asking(Asked(grain="day"), events).cells()
    after = Asking(Asked(grain="day", kind="after"), events).cells()
    within = Asking(Asked(grain="day", kind="brackets", brackets=((1, 2), (3, 5))), events).cells()
    assert [on[cohort, n, n][2] for n in range(6)] == [1, 0, 0, 0, 1, 0]
    assert [after[cohort, n, n][2] for n in range(6)] == [1, 1, 1, 1, 1, 0]
    assert (within[cohort, 1, 2][2], within[cohort, 3, 5][2]) == (0, 1)


def test_a_bracket_beyond_the_horizon_counts_to_its_own_end() -> None:
    """R2: back on day 20 is within days 15 to 30, though single days are asked for up to the 14th only."""
    events = [("p", "a", _at("2026-03-02 09:00")), ("p", "a", _at("2026-03-22 09:00"))]
    asked = Asked(grain="day", kind="brackets", brackets=((8, 14), (15, 30)), horizon=14)
    found = Asking(asked, events).cells()
    assert [found[dt.date(2026, 3, 2), low, high][2] for low, high in asked.brackets] == [0, 1]


def test_the_rolling_clock_counts_hours_where_the_calendar_counts_dates() -> None:
    """R3, X3: 23:30 to 00:30 is the next day by the calendar and the same by 24 hours, also when clocks change."""
    berlin = Asked(grain="day", zone="Europe/Berlin")
    events = [("p", "a", _at("2026-03-28 22:30")), ("p", "a", _at("2026-03-29 22:15"))]
    cohort = dt.date(2026, 3, 28)
    assert [Asking(berlin, events).cells()[cohort, n, n][2] for n in range(3)] == [1, 0, 1]
    rolling = Asking(replace(berlin, clock="rolling"), events).cells()
    assert [rolling[cohort, n, n][2] for n in range(3)] == [1, 0, 0]


def test_a_week_begins_on_the_day_that_the_company_says() -> None:
    """R3, X3: Saturday and Sunday are one week for Monday's company and two for Sunday's."""
    events = [("p", "a", _at("2026-03-07 09:00")), ("p", "a", _at("2026-03-08 09:00"))]
    monday, sunday = (Asking(Asked(week_offset=offset), events).cells() for offset in (0, 6))
    assert monday[dt.date(2026, 3, 2), 1, 1][2] == 0
    assert sunday[dt.date(2026, 3, 1), 1, 1][2] == 1


def test_a_cohort_with_nobody_back_stays_in_the_mean_and_an_open_cell_stays_out() -> None:
    """R4, X5: one of one, none of three and a cell that is not over: 25 % by persons, 50 % by cohorts."""
    events = [("p", "a", _at("2026-03-02 09:00")), ("p", "a", _at("2026-03-09 09:00"))]
    events += [(person, "a", _at("2026-03-17 09:00")) for person in "qrs"]
    events += [("t", "a", _at("2026-04-22 09:00")), ("t", "a", _at("2026-04-28 09:00"))]
    cohorts, weighted, simple = Asking(Asked(), events).means()[1, 1]
    assert (cohorts, weighted, simple) == (2, 0.25, 0.5)


def test_the_previous_period_may_be_the_denominator() -> None:
    """R4: two of four came back in week 1, and one of these numbers' worth in week 2."""
    events = [(person, "a", _at("2026-03-02 09:00")) for person in "pqrs"]
    events += [(person, "a", _at("2026-03-09 09:00")) for person in "pq"] + [("s", "a", _at("2026-03-16 09:00"))]
    found = Asking(Asked(denominator="previous"), events).cells()
    assert [found[dt.date(2026, 3, 2), n, n][1:3] for n in range(3)] == [(4, 4), (4, 2), (2, 1)]


@pytest.mark.parametrize("weeks", [61, 62, 63, 64, 130])
def test_a_history_longer_than_a_mask_is_counted_all_the_same(weeks: int) -> None:
    """R2: who comes back after 63 weeks and more is back in that week and in no other."""
    begin = _at("2023-06-05 09:00")
    events = [("p", "a", begin + dt.timedelta(weeks=n)) for n in (0, 5, weeks)] + [("q", "a", begin)]
    found = Asking(Asked(), events).cells()
    back = {cell[1]: counts[2] for cell, counts in found.items() if counts[2]}
    assert back == {0: 2, 5: 1, weeks: 1}
