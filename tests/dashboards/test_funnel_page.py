"""The funnel of the reader's own: the address makes it, and what is no funnel is said (S5, S8, S10, U2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
import streamlit as st
import yaml
from streamlit.testing.v1 import AppTest

from dashboards.components import funnel_persons, path_difference
from dashboards.components.funnel_persons import named
from dashboards.components.i18n import words
from dashboards.questions.funnel import FunnelQuestion, Funnels
from dashboards.questions.paths import PathQuestion, Paths
from opsloop.funnels import EventFilter, Filter
from opsloop.workspace import Workspace

OPEN = Callable[..., AppTest]


def test_the_address_makes_the_funnel(open_page: OPEN, monkeypatch: pytest.MonkeyPatch) -> None:
    """S5, U2: steps, a page among them, order, window, count and exclusion come from the address and stay in it."""
    seen: list[FunnelQuestion] = []
    asked = Funnels.steps
    monkeypatch.setattr(Funnels, "steps", lambda self, question: seen.append(question) or asked(self, question))
    address: dict[str, Any] = {
        "funnel_steps": "/p*~add_to_cart~purchase",
        "funnel_window": "30",
        "funnel_unit": "sessions",
        "funnel_without": "page_view",
    }
    app = open_page("funnel", **address)
    assert not app.exception
    funnel = seen[-1].funnel
    assert [(step.event, [one.values for one in step.where]) for step in funnel.steps] == [
        ("page_view", [("/p*",)]),
        ("add_to_cart", []),
        ("purchase", []),
    ]
    assert (funnel.window_seconds, seen[-1].unit) == (30 * 86400, "sessions")
    assert [(one.event, one.after, one.before) for one in funnel.exclusions] == [("page_view", None, None)]
    assert all(app.query_params[name] in (value, [value]) for name, value in address.items())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_in_any_order_a_way_can_be_without_an_event_too(
    open_page: OPEN, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """S5, U1: what a way must be without is asked for, and the rows are said to be numbers of steps."""
    seen: list[FunnelQuestion] = []
    asked = Funnels.steps
    monkeypatch.setattr(Funnels, "steps", lambda self, question: seen.append(question) or asked(self, question))
    told = {"funnel_steps": "add_to_cart~purchase", "funnel_order": "any", "funnel_without": "page_view"}
    app = open_page("funnel", language, **told)
    assert not app.exception
    assert [(one.event, one.after) for one in seen[-1].funnel.exclusions] == [("page_view", None)]
    said = words(language)["funnel.any_note"]
    assert any(said in element.proto.body for element in app.get("html"))


@pytest.mark.parametrize("steps", ["page_view", "'); drop table marts.fct_events; --~{{ 7 * 7 }}"])
def test_what_is_no_funnel_or_no_event_breaks_nothing(open_page: OPEN, steps: str) -> None:
    """S5: one step is told to be too few; a text that nobody's event has is a step that nobody reached."""
    app = open_page("funnel", "zh", funnel_steps=steps)
    assert not app.exception
    told = [warning.value for warning in app.warning]
    assert bool(told) == (steps == "page_view")
    assert all(text.startswith(words("zh")["funnel.cannot"].split("{")[0]) for text in told)


def test_two_segments_of_walks_are_compared_as_the_question_does(open_page: OPEN) -> None:
    """S9: the page's difference is that of the two questions whose anchors lie in the segments."""
    app = open_page("funnel", "zh", path_by="device", path_one="desktop", path_two="mobile", path_node="event")
    assert not app.exception
    desk = app.session_state["desk"]
    question = PathQuestion(desk.view.span.start, desk.view.span.end, anchor=EventFilter(event="page_view"), steps=2)
    asked = Paths(desk.metrics)
    found = path_difference.difference(desk, asked, question, "device", ("desktop", "mobile"))
    own = [replace(question, segment=(Filter(property="device", values=(one,)),)) for one in ("desktop", "mobile")]
    both = asked.difference(*own)
    assert found.select(both.columns).sort("source", "target").equals(both.sort("source", "target"))


def test_a_difference_on_few_moves_comes_last_and_is_not_drawn(
    open_page: OPEN, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X9: where fewer moves start than the minimum in either segment, a large difference leads no ranking."""
    desk = open_page("funnel", "en").session_state["desk"]
    rows = [
        ("few", "a", 3, 3, 0.9),
        ("many", "a", 60, 50, 0.2),
        ("many", "b", 40, 50, -0.3),
        ("one_side", "a", 90, 2, 0.5),
    ]
    names = ["source", "target", "transitions", "transitions_two", "share_more"]
    moves = pl.DataFrame(rows, schema=names, orient="row").with_columns(share=0.5, share_two=0.5)
    asked = Paths(desk.metrics)
    monkeypatch.setattr(asked, "difference", lambda one, two: moves)
    question = PathQuestion(desk.view.span.start, desk.view.span.end)
    found = path_difference.difference(desk, asked, question, "device", ("desktop", "mobile"))
    assert found["source"].to_list() == ["many", "many", "few", "one_side"]
    assert found["target"].to_list()[:2] == ["b", "a"]
    drawing = path_difference.chart(desk, found)
    assert drawing is not None
    assert {bar["line"] for bar in drawing["data"]["values"]} == {"many → b", "many → a"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_address_says_of_steps_what_is_optional_how_long_and_between_which_nothing_may_be(
    open_page: OPEN, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """S5, U2: optional steps, a window for one step and an exclusion between two, from the address and still in it."""
    seen: list[FunnelQuestion] = []
    asked = Funnels.steps
    monkeypatch.setattr(Funnels, "steps", lambda self, question: seen.append(question) or asked(self, question))
    address = {
        "funnel_steps": "page_view~view_item~add_to_cart~purchase",
        "funnel_optional": "2",
        "funnel_within_4": "1440",
        "funnel_without": "page_view",
        "funnel_between": "3-4",
    }
    app = open_page("funnel", language, **address)
    assert not app.exception
    funnel = seen[-1].funnel
    assert [step.optional for step in funnel.steps] == [False, True, False, False]
    assert [step.within_minutes for step in funnel.steps] == [None, None, None, 1440]
    assert [(one.event, one.after, one.before) for one in funnel.exclusions] == [("page_view", 3, 4)]
    assert all(app.query_params[name] in (value, [value]) for name, value in address.items())


def test_what_is_said_of_steps_that_are_no_more_is_forgotten(open_page: OPEN, monkeypatch: pytest.MonkeyPatch) -> None:
    """U2: a shorter funnel has no optional last step and no window of a fifth one, nor has its address."""
    seen: list[FunnelQuestion] = []
    asked = Funnels.steps
    monkeypatch.setattr(Funnels, "steps", lambda self, question: seen.append(question) or asked(self, question))
    address = {
        "funnel_steps": "page_view~purchase",
        "funnel_optional": "2",
        "funnel_within_5": "60",
        "funnel_between": "3-4",
    }
    app = open_page("funnel", **address)
    assert not app.exception
    assert [(step.optional, step.within_minutes) for step in seen[-1].funnel.steps] == [(False, None)] * 2
    assert not {"funnel_within_5", "funnel_optional", "funnel_between"} & set(app.query_params)


def test_a_named_funnels_bar_lists_the_persons_of_its_own_definition(
    workspace: Workspace, open_page: OPEN, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S10: the question of the list is the funnel of the settings over the page's days, at the step that is meant."""
    definition = {"name": "shop", "label_en": "Shop", "label_zh": "购物", "window_days": 3}
    written = yaml.safe_load(workspace.settings_file.read_text(encoding="utf-8")) or {}
    written["funnels"] = [definition | {"steps": ["page_view", "purchase"]}]
    workspace.settings_file.write_text(yaml.safe_dump(written), encoding="utf-8")
    st.cache_resource.clear()
    seen: list[tuple[FunnelQuestion, int, bool]] = []
    found = Funnels.persons

    def noted(self: Funnels, question: FunnelQuestion, step: int, **which: Any) -> pl.DataFrame:
        seen.append((question, step, which["dropped"]))
        return found(self, question, step, **which)

    monkeypatch.setattr(Funnels, "persons", noted)
    monkeypatch.setattr(funnel_persons, "named", lambda desk, _: named(desk, "shop"))
    app = open_page("funnel", named_step="2", named_who="lost")
    assert not app.exception
    span = app.session_state["desk"].view.span
    question, step, dropped = seen[0]
    assert ([one.event for one in question.funnel.steps], question.funnel.window_seconds) == (
        ["page_view", "purchase"],
        3 * 86400,
    )
    assert (question.start, question.end, step, dropped) == (span.start, span.end, 2, True)
