"""The Weekly review page proposes actions from the data and takes them over into its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.actions.effect import WeekValue
from dashboards.actions.ledger import Ledger
from dashboards.components import loop
from dashboards.components.i18n import words
from dashboards.limits import Limits
from dashboards.proposals import Proposal
from dashboards.proposals.slip import Slip
from opsloop.workspace import Workspace

WEEKS = tuple(WeekValue(day, 90.0, None, "mature") for day in [None] * 8)  # type: ignore[arg-type]
FOUND = Proposal("channel", "sessions", Slip(90.0, Limits(100.0, 12.0), WEEKS, 26), "channel", "email", None)


def _widget(app: AppTest, kind: str, name: str) -> Any:
    return next(one for one in getattr(app, kind) if (one.key or "").startswith(f"action_{name}_"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_proposal_is_taken_over_into_the_form_and_becomes_an_action(
    workspace: Workspace, open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """W2, W4: nothing is searched before it is asked for; what is taken over can be added as it is."""
    asked: list[int] = []
    monkeypatch.setattr(loop, "proposals", lambda *_: asked.append(1) or [FOUND])
    app = open_page("weekly_review", lang)
    assert asked == []
    app.toggle(key="w_proposals").set_value(True).run()
    assert asked
    app.button(key="take_0").click().run()
    assert not app.exception
    assert app.success[0].value == words(lang)["proposals.taken"]
    assert _widget(app, "text_input", "condition").value == "channel = 'email'"
    assert _widget(app, "text_input", "expected").value == "+11.1%"
    _widget(app, "button", "add_button").click().run()
    (action,) = Ledger(workspace).all()
    assert (action.metric, action.condition, action.expected.text) == ("sessions", "channel = 'email'", "+11.1%")
    assert "100" in action.finding
