"""What is said of funnels: counts, rates, times, trend, breakdown, persons (S6 to S8, S10, X9)."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from typing import Any

import duckdb
import polars as pl
import pytest
from fake_snapshot import Published
from funnel_cases import MINUTE, ORIGIN, funnels, histories, load
from funnel_oracle import Event, means, reached
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.questions.funnel import FunnelQuestion, Funnels, Touch
from opsloop.errors import UsageError
from opsloop.funnels import Funnel, Step

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAY = ORIGIN.date()
LATER = dt.datetime(2026, 3, 20, tzinfo=dt.UTC)
BUY = Funnel(steps=(Step(event="view"), Step(event="cart", optional=True), Step(event="buy")), window_seconds=3600)


def _told(*stories: tuple[str, str]) -> list[Event]:
    """Events of persons: names that begin with v, c and b, one a minute, capitals on a phone and others on a desk."""
    names, devices = {"v": "view", "c": "cart", "b": "buy"}, {True: "phone", False: "desk"}
    return [
        Event(100 * who + at, person, ORIGIN + at * MINUTE, names[sign.lower()], None, devices[sign.isupper()])
        for who, (person, signs) in enumerate(stories)
        for at, sign in enumerate(signs)
        if sign != "."
    ]  # fmt: skip


def _ask(engine: duckdb.DuckDBPyConnection, events: list[Event], as_of: dt.datetime = LATER) -> Funnels:
    load(engine, events)
    return Funnels(Published(engine, events, as_of))


def _units(frame: pl.DataFrame) -> list[int]:
    return frame["units"].to_list()


STORIES = _told(("ann", "vcb"), ("bob", "v.b"), ("cid", "Vc"), ("dan", "v"), ("eve", "cb"))


def test_rates_are_against_the_first_and_the_last_step_that_everybody_passes(engine: duckdb.DuckDBPyConnection) -> None:
    """S5, S7: an optional step narrows nothing, and the step after it is measured against the one before it."""
    steps = _ask(engine, STORIES).steps(FunnelQuestion(BUY, DAY, DAY))
    assert _units(steps) == [4, 2, 2]
    assert steps["rate_of_first"].to_list() == [1.0, 0.5, 0.5]
    assert steps["rate_of_previous"].to_list() == [None, 0.5, 0.5]
    assert steps["lost"].to_list() == [None, 2, 2]
    assert steps["from_entry_median"].to_list() == [0.0, 60.0, 120.0]
    assert steps["from_previous_median"].to_list()[1:] == [60.0, 90.0]


def test_in_any_order_a_row_is_so_many_steps_and_an_optional_one_its_own(engine: duckdb.DuckDBPyConnection) -> None:
    """S5, S7: the cart counts after the entry alone, and the next rate is not against it."""
    steps = _ask(engine, STORIES).steps(FunnelQuestion(BUY.model_copy(update={"order": "any"}), DAY, DAY))
    assert steps["step_name"].to_list() == ["1/2", "cart", "2/2"]
    assert _units(steps) == [5, 2, 2]
    assert steps["rate_of_previous"].to_list() == [None, 0.4, 0.4]


def test_entries_with_an_open_window_are_counted_apart(engine: duckdb.DuckDBPyConnection) -> None:
    """S6, X5: an entry whose window is open an hour later is in no rate, completed or not."""
    known = (ORIGIN + dt.timedelta(hours=1)).replace(tzinfo=dt.UTC)
    steps = _ask(engine, STORIES, known).steps(FunnelQuestion(BUY, DAY, DAY))
    assert (_units(steps), steps["maturing"].to_list()) == ([0, 0, 0], [4, 4, 4])
    steps = _ask(engine, STORIES, known + dt.timedelta(microseconds=1)).steps(FunnelQuestion(BUY, DAY, DAY))
    assert (_units(steps), steps["maturing"].to_list()) == ([4, 2, 2], [0, 0, 0])


def test_the_range_bounds_the_entry_and_not_the_completion(engine: duckdb.DuckDBPyConnection) -> None:
    """S6: who enters on the last day may finish after it; who enters the day after is not asked for."""
    late = [
        Event(1, "ann", dt.datetime(2026, 3, 1, 23, 50), "view"),
        Event(2, "ann", dt.datetime(2026, 3, 2, 0, 20), "buy"),
        Event(3, "bob", dt.datetime(2026, 3, 2, 0, 1), "view"),
    ]
    assert _units(_ask(engine, late).steps(FunnelQuestion(BUY, DAY, DAY))) == [1, 0, 1]


def test_a_first_start_ever_before_the_range_keeps_a_person_out(engine: duckdb.DuckDBPyConnection) -> None:
    """S7: first ever looks at all history, first at the range; any start may lead on."""
    history = [
        Event(1, "ann", ORIGIN - dt.timedelta(days=3), "view"),
        *_told(("ann", "vcb"), ("bob", "v")),
        Event(900, "bob", ORIGIN + dt.timedelta(hours=5), "view"),
        Event(901, "bob", ORIGIN + dt.timedelta(hours=5, minutes=1), "buy"),
    ]
    asked = _ask(engine, history)
    counts = {starts: _units(asked.steps(FunnelQuestion(BUY, DAY, DAY, starts=starts))) for starts in ("any", "first", "first_ever")}  # fmt: skip  # noqa: E501
    assert counts == {"any": [2, 1, 2], "first": [2, 1, 1], "first_ever": [1, 0, 0]}
    assert _units(asked.steps(FunnelQuestion(BUY, DAY, DAY, unit="events"))) == [3, 1, 2]


@pytest.mark.parametrize("unit", ["persons", "sessions", "events"])
def test_a_trend_counts_each_period_with_its_own_starts(engine: duckdb.DuckDBPyConnection, unit: Any) -> None:
    """S7: the rate by day and week of the entry."""
    events = [
        *_told(("ann", "v"), ("bob", "vvb")),
        Event(500, "ann", ORIGIN + dt.timedelta(days=2), "view"),
        Event(501, "ann", ORIGIN + dt.timedelta(days=2, minutes=1), "buy"),
    ]
    question = FunnelQuestion(BUY, DAY, DAY + dt.timedelta(days=5), unit=unit)
    trend = _ask(engine, events).trend(question, "day")
    assert trend["period"].to_list() == [DAY, DAY + dt.timedelta(days=2)]
    assert trend["entered"].to_list() == ([3, 1] if unit == "events" else [2, 1])
    assert trend["finished"].to_list() == ([2, 1] if unit == "events" else [1, 1])
    assert _ask(engine, events).trend(question, "week")["period"].to_list() == [
        dt.date(2026, 2, 23),
        dt.date(2026, 3, 2),
    ]


@pytest.mark.parametrize(
    ("touch", "groups"),
    [
        ("first", {("value", "desk"): [3, 1, 2], ("value", "phone"): [1, 1, 0]}),
        ("last", {("value", "desk"): [4, 2, 2]}),
        (2, {("value", "desk"): [2, 2, 1], ("nothing", None): [2, 0, 1]}),
        ("all", {("value", "desk"): [3, 1, 2], ("several", None): [1, 1, 0]}),
    ],
)
def test_a_breakdown_names_each_way_by_the_touch_asked_for(
    engine: duckdb.DuckDBPyConnection, touch: Touch, groups: dict[Any, list[int]]
) -> None:
    """S8: first-touch, last-touch, a given step, all steps."""
    found = _ask(engine, STORIES).breakdown(FunnelQuestion(BUY, DAY, DAY), "device", touch)
    assert {key: _units(frame) for key, frame in found.partition_by("kind", "value", as_dict=True).items()} == groups


@FEW
@given(data=st.data())
def test_groups_of_a_breakdown_sum_to_the_whole_and_other_is_the_rest(
    engine: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    """S8, S10, X2: whatever the funnel, the property and the touch; each group's persons are those counted."""
    events, funnel = data.draw(histories()), data.draw(funnels())
    touch = data.draw(st.sampled_from(["first", "last", "all", 1, 2]))
    by, top = data.draw(st.sampled_from(["page_path", "device"])), data.draw(st.integers(1, 2))
    question = FunnelQuestion(funnel, DAY, DAY)
    asked = _ask(engine, events)
    whole, groups = asked.steps(question), asked.breakdown(question, by, touch, top)
    sums = groups.group_by("step_index").agg(pl.col("units").sum()).sort("step_index")
    assert sums["units"].to_list() == (_units(whole) if whole["units"][0] else [])
    assert groups.filter(pl.col("kind") == "value")["value"].n_unique() <= top
    for row in groups.filter(pl.col("kind") != "other").iter_rows(named=True):
        listed = asked.persons(question, row["step_index"], by=by, touch=touch, kind=row["kind"], value=row["value"])
        assert listed.height == row["units"]


@FEW
@given(data=st.data())
def test_counts_times_and_persons_are_those_of_all_choices(
    engine: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    """S5, S7, S10: the page's figures against brute force, and the names behind each bar and each loss."""
    events, funnel = data.draw(histories()), data.draw(funnels())
    expected = reached(funnel, events)
    asked, question = _ask(engine, events), FunnelQuestion(funnel, DAY, DAY)
    steps = asked.steps(question)
    counts = Counter(step for _, step in expected)
    assert _units(steps) == [counts[step] for step in range(1, len(funnel.steps) + 1)]
    for step, before in zip(steps["step_index"], steps["previous_index"], strict=True):
        there = {unit for unit, at in expected if at == step}
        waits = [(row[0] - row[1]).total_seconds() for (_, at), row in expected.items() if at == step]
        assert steps["from_entry_median"][step - 1] == (pytest.approx(statistics.median(waits)) if waits else None)
        assert asked.persons(question, step)["person_id"].to_list() == sorted(there)
        if before is not None:
            lost = {unit for unit, at in expected if at == before} - there
            assert asked.persons(question, step, dropped=True)["person_id"].to_list() == sorted(lost)
    classes = asked.histogram(question)
    assert classes["units"].sum() == sum(counts[step] for step in counts if step > 1)


def test_who_is_behind_a_bar_and_behind_a_loss(engine: duckdb.DuckDBPyConnection) -> None:
    """S10: those who reached a step, those who came to the one before it only, those of one group."""
    asked, question = _ask(engine, STORIES), FunnelQuestion(BUY, DAY, DAY)
    lists = (
        asked.persons(question, 3),
        asked.persons(question, 3, dropped=True),
        asked.persons(question, 1, by="device", value="phone"),
    )
    assert [found["person_id"].to_list() for found in lists] == [["ann", "bob"], ["cid", "dan"], ["cid"]]


def test_a_value_cannot_leave_its_quotes(engine: duckdb.DuckDBPyConnection) -> None:
    """Whatever an address holds is a text to compare with, never SQL."""
    nasty = "x') or 1=1 -- {{ 7 * 7 }} {% raw %} \\"
    funnel = Funnel(
        steps=(
            Step.model_validate({"event": nasty}),
            Step.model_validate({"event": "buy", "where": {"page_path": f"{nasty}*"}}),
        )
    )
    events = [Event(1, nasty, ORIGIN, nasty), Event(2, nasty, ORIGIN, "buy", nasty + "/50%_^"), Event(3, "bob", ORIGIN, "buy")]  # fmt: skip  # noqa: E501
    asked = _ask(engine, events)
    question = FunnelQuestion(funnel, DAY, DAY)
    assert _units(asked.steps(question)) == [1, 1]
    assert asked.persons(question, 2, by="page_path", touch=2, value=events[1].page_path)["person_id"].to_list() == [
        nasty
    ]
    assert means(funnel.steps[1], events[1])


def test_a_funnel_that_nobody_entered_has_steps_without_rates(engine: duckdb.DuckDBPyConnection) -> None:
    """X9: nobody is 0 of 0, which is no rate, and there is no group."""
    asked, question = _ask(engine, []), FunnelQuestion(BUY, DAY, DAY)
    steps = asked.steps(question)
    assert (_units(steps), steps["rate_of_first"].to_list()) == ([0, 0, 0], [None, None, None])
    groups = asked.breakdown(question, "device")
    assert (groups.height, groups.schema["rate_of_first"]) == (0, pl.Float64)
    assert asked.trend(question, "week").height == asked.persons(question, 2).height == 0


def test_wrong_questions_are_refused_in_one_line() -> None:
    """A breakdown by what is no property, a swapped range, a step that is not there."""
    with pytest.raises(UsageError, match="before it begins"):
        FunnelQuestion(BUY, DAY, DAY - dt.timedelta(days=1))
    with pytest.raises(UsageError, match="each event that enters"):
        FunnelQuestion(BUY, DAY, DAY, unit="events", starts="first")
