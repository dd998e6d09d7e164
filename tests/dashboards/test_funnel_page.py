"""The funnel of the reader's own: the address makes it, and what is no funnel is said (S5, S8, S10, U2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.components import path_difference
from dashboards.components.i18n import words
from dashboards.questions.funnel import FunnelQuestion, Funnels
from dashboards.questions.paths import PathQuestion, Paths
from opsloop.funnels import EventFilter, Filter

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
    assert [(one.event, one.after, one.before) for one in funnel.exclusions] == [("page_view", 1, 3)]
    assert all(app.query_params[name] in (value, [value]) for name, value in address.items())


@pytest.mark.parametrize("steps", ["page_view", "'); drop table marts.fct_events; --~{{ 7 * 7 }}"])
def test_what_is_no_funnel_or_no_event_breaks_nothing(open_page: OPEN, steps: str) -> None:
    """S5: one step is told to be too few; a text that nobody's event has is a step that nobody reached."""
    app = open_page("funnel", "zh", funnel_steps=steps)
    assert not app.exception
    told = [warning.value for warning in app.warning]
    assert bool(told) == (steps == "page_view")
    assert all(text.startswith(words("zh")["funnel.cannot"].split("{")[0]) for text in told)


def test_two_segments_of_walks_are_compared_where_enough_moves_start(open_page: OPEN) -> None:
    """S9, X9: the difference is the question's own, the largest first; moves of few come last and are not drawn."""
    app = open_page("funnel", "zh", path_by="device", path_one="desktop", path_two="mobile", path_node="event")
    assert not app.exception
    desk = app.session_state["desk"]
    question = PathQuestion(desk.view.span.start, desk.view.span.end, anchor=EventFilter(event="page_view"), steps=2)
    asked = Paths(desk.metrics)
    found = path_difference.difference(desk, asked, question, "device", ("desktop", "mobile"))
    own = [replace(question, segment=(Filter(property="device", values=(one,)),)) for one in ("desktop", "mobile")]
    both = asked.difference(*own)
    assert found.select(both.columns).sort("source", "target").equals(both.sort("source", "target"))
    size = found.select("enough", pl.col("share_more").abs()).rows()
    assert size == sorted(size, reverse=True)
    assert found.filter("enough").height > 0
    assert path_difference.chart(desk, found) is not None
    assert path_difference.chart(desk, found.with_columns(enough=pl.lit(value=False))) is None
