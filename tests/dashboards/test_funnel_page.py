"""The funnel of the reader's own: the address makes it, and what is no funnel is said (S5, S8, S10, U2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.components.i18n import words
from dashboards.questions.funnel import FunnelQuestion, Funnels

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
