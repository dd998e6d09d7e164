"""One small story for each rule of funnels (S5 to S7): letters are events, numbers the minutes at which they happen."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from funnel_cases import answer, asked, load, moment
from funnel_oracle import Event, reached

from opsloop.funnels import Exclusion, Funnel, Step

ABC = ("a", "b", "c")
NO_X = [Exclusion(event="x", after=1, before=3)]
NEVER_X = [Exclusion(event="x")]
ANY_NO_X: dict[str, Any] = {"order": "any", "exclusions": NO_X}
ANY_NEVER_X: dict[str, Any] = {"order": "any", "exclusions": NEVER_X}
SOON_C = ("a", "b", {"event": "c", "within_minutes": 5})
SOON_BC = ("a", {"event": "b", "within_minutes": 5}, {"event": "c", "within_minutes": 5})
MAY_B = ("a", {"event": "b", "optional": True}, "c")
A_AND_A_OF_D = ("a", {"event": "a", "where": {"device": "d"}})
# The rule, its steps, its options, the story, and how far the best way gets.
STORIES: dict[str, tuple[Any, dict[str, Any], str, int]] = {
    "a_later_start_counts": (ABC, {}, "a0 a50 b70 c80", 3),
    "a_way_may_take_the_whole_window": (ABC, {}, "a0 b30 c60", 3),
    "a_way_may_not_take_longer": (ABC, {}, "a0 b30 c61", 2),
    "equal_instants_count_in_either_order": (ABC, {}, "c5 b5 a5", 3),
    "the_same_step_twice_needs_two_events": (("a", "a"), {}, "a5", 1),
    "two_events_of_one_instant_are_two": (("a", "a"), {}, "a5 a5", 2),
    "an_event_that_fits_two_steps_serves_one": (("a", {"where": {"device": "d"}}), {}, "a5", 1),
    "the_step_before_has_a_window_of_its_own": (("a", "b", {"event": "c", "within_minutes": 5}), {}, "a0 b1 c9", 2),
    "a_later_event_may_keep_the_steps_window": (("a", "b", {"event": "c", "within_minutes": 5}), {}, "a0 b1 b6 c9", 3),
    "an_excluded_event_stops_the_way": (ABC, {"exclusions": NO_X}, "a0 b1 x2 c3", 2),
    "an_excluded_event_at_the_instant_of_a_step_stops_nothing": (ABC, {"exclusions": NO_X}, "a0 x0 b1 x3 c3", 3),
    "a_start_after_the_excluded_event_leads_on": (ABC, {"exclusions": NO_X}, "a0 x1 a2 b3 c4", 3),
    "an_optional_step_can_be_left_out": (("a", {"event": "b", "optional": True}, "c"), {}, "a0 c1", 3),
    "other_steps_cannot": (ABC, {}, "a0 c1", 1),
    "strict_lets_nothing_between": (ABC, {"order": "strict"}, "a0 b1 x2 c3", 2),
    "strict_may_begin_again": (ABC, {"order": "strict"}, "a0 x1 a2 b3 c4", 3),
    "strict_takes_an_instant_in_either_order": (ABC, {"order": "strict"}, "a0 c1 b1 x1", 3),
    "strict_leaves_nothing_out_of_an_instant_on_the_way": (ABC, {"order": "strict"}, "a0 b1 x1 c2", 2),
    "any_order_is_any_order": (ABC, {"order": "any"}, "c0 a1 b2", 3),
    "any_order_needs_two_events_for_a_step_twice": (("a", "a", "b"), {"order": "any"}, "b0 a1", 2),
    "any_order_has_the_window_too": (ABC, {"order": "any"}, "c0 a1 b61", 2),
    "any_order_counts_a_step_from_the_one_before_it": (SOON_C, {"order": "any"}, "b0 a1 c6", 3),
    "any_order_counts_no_step_after_its_window": (SOON_C, {"order": "any"}, "b0 a1 c7", 2),
    "any_order_lets_a_step_with_a_window_begin": (SOON_C, {"order": "any"}, "c0 a30 b59", 3),
    "any_order_is_carried_on_by_a_step_done_again": (SOON_BC, {"order": "any"}, "b0 a1 b5 c9", 3),
    "any_order_is_carried_on_by_no_step_out_of_its_window": (SOON_BC, {"order": "any"}, "a0 b10 c12", 2),
    "any_order_goes_on_over_a_gap_by_a_step_without_window": (SOON_BC, {"order": "any"}, "b0 a30 c35", 3),
    "any_order_is_excluded_whichever_step_comes_first": (ABC, ANY_NO_X, "c0 x1 a2 b3", 2),
    "any_order_may_do_either_step_of_an_exclusion_first": (ABC, ANY_NO_X, "c0 b1 a2 x3", 3),
    "any_order_takes_a_later_event_of_an_excluded_step": (ABC, ANY_NO_X, "b0 a1 x2 a3 c4", 3),
    "any_order_excludes_two_steps_alone": (ABC, ANY_NO_X, "a0 x1 b2", 2),
    "any_order_excludes_on_the_whole_way": (ABC, ANY_NEVER_X, "a0 x1 b2 c3", 2),
    "any_order_excludes_nothing_at_the_ends_of_a_way": (ABC, ANY_NEVER_X, "x0 a0 b1 c2 x2", 3),
    "the_whole_way_is_from_the_first_step_to_the_last": (ABC, {"exclusions": NEVER_X}, "a0 b1 x2 c3", 2),
    "any_order_needs_no_optional_step": (MAY_B, {"order": "any"}, "c0 a1", 3),
    "any_order_counts_an_optional_step_for_no_other": (MAY_B, {"order": "any"}, "a0 b1", 2),
    "any_order_begins_with_no_optional_step": (MAY_B, {"order": "any"}, "b0 a1", 1),
    "any_order_takes_an_event_for_one_step": (A_AND_A_OF_D, {"order": "any"}, "a5", 1),
    "any_order_takes_two_events_for_steps_that_overlap": (A_AND_A_OF_D, {"order": "any"}, "a5 a5", 2),
}  # fmt: skip


def _events(story: str) -> list[Event]:
    stories = [(word[0], int(word[1:])) for word in story.split()]
    return [Event(at, "ann", moment(minute), name, None, "d") for at, (name, minute) in enumerate(stories)]


def _funnel(steps: Any, options: dict[str, Any]) -> Funnel:
    made = tuple(Step.model_validate(step if isinstance(step, dict) else {"event": step}) for step in steps)
    return Funnel(steps=made, window_seconds=3600, **options)


@pytest.mark.parametrize("rule", STORIES)
def test_a_rule_of_order_window_and_repetition_holds(engine: duckdb.DuckDBPyConnection, rule: str) -> None:
    """S5: each rule by the shortest story that tells it from its neighbour; the oracle agrees."""
    steps, options, story, furthest = STORIES[rule]
    funnel, events = _funnel(steps, options), _events(story)
    load(engine, events)
    found = answer(engine, asked(funnel))
    assert max(step for _, step in found) == furthest
    assert set(found) == set(reached(funnel, events))


def test_a_way_in_any_order_has_done_the_step_that_it_begins_with(engine: duckdb.DuckDBPyConnection) -> None:
    """S5, S7: from the first start, an `a`, no later `a` can stand for it after what is excluded."""
    funnel = _funnel(ABC, {"order": "any", "exclusions": [Exclusion(event="x", after=1, before=2)]})
    events = _events("a0 x1 c2 a3 b4")
    load(engine, events)
    for starts, furthest in (("any", 3), ("first", 2)):
        found = answer(engine, asked(funnel, starts=starts))
        assert max(step for _, step in found) == furthest
        assert found == reached(funnel, events, starts=starts)


def test_the_tightest_way_is_told(engine: duckdb.DuckDBPyConnection) -> None:
    """S7: of all ways the one that is there first, from the latest start that leads there, over the latest steps."""
    load(engine, _events("a0 a5 b6 b7 c9 a10 b11 c12"))
    found = answer(engine, asked(_funnel(ABC, {})))
    assert found["ann", 3] == (moment(9), moment(5), moment(7))
    assert found["ann", 1] == (moment(0), moment(0), None)


@pytest.mark.parametrize(("starts", "furthest"), [("any", 2), ("first", 1), ("first_ever", 0)])
def test_which_start_enters_is_asked_for(engine: duckdb.DuckDBPyConnection, starts: str, furthest: int) -> None:
    """S7: any start in the range, the first of them, or the first ever, which lies before this range."""
    load(engine, _events("a0 a100 a200 b210"))
    found = answer(engine, asked(_funnel(("a", "b"), {}), starts=starts, start=moment(50)))
    assert max((step for _, step in found), default=0) == furthest


@pytest.mark.parametrize(("known", "furthest"), [(60, 0), (61, 2)])
def test_an_open_window_keeps_an_entry_out(engine: duckdb.DuckDBPyConnection, known: int, furthest: int) -> None:
    """S6: the window of an entry at 0 is over when minute 60 itself is known."""
    load(engine, _events("a0 b1"))
    found = answer(engine, asked(_funnel(("a", "b"), {}), known_until=moment(known)))
    assert max((step for _, step in found), default=0) == furthest


def test_the_range_bounds_the_entry_alone(engine: duckdb.DuckDBPyConnection) -> None:
    """S6: a way that begins within the range ends when its window does."""
    load(engine, _events("a9 a10 b40 b69"))
    found = answer(engine, asked(_funnel(("a", "b"), {}), until=moment(10)))
    assert found["ann", 2] == (moment(40), moment(9), moment(9))
