"""The Weekly review page adds, measures, carries over and closes actions, and searches what closed ones taught."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from fake_metrics import FakeMetrics
from streamlit.testing.v1 import AppTest

from dashboards.actions.action import Action, Expected
from dashboards.actions.ledger import Ledger
from dashboards.components.i18n import words
from opsloop.workspace import Workspace

OPEN = Callable[..., AppTest]
LANGS = pytest.mark.parametrize("lang", ["en", "zh"])


def _add(workspace: Workspace, finding: str, due: str, metric: str = "sessions") -> Action:
    """An action that was added in the middle of January 2026."""
    ledger = Ledger(workspace)
    ledger._now = lambda: dt.datetime(2026, 1, 14, tzinfo=dt.UTC)  # type: ignore[method-assign]
    return ledger.add(finding, metric, "channel = 'email'", Expected.read("+5%"), "Mei", due)


def _tables(app: AppTest) -> list[str]:
    """The tables of the page, as their words."""
    found = [unescape(element.proto.body) for element in app.get("html")]
    return [text for text in found if 'data-testid="table"' in text]


def _widget(app: AppTest, kind: str, name: str) -> Any:
    """The widget whose key has that name, whatever number stands behind it."""
    return next(one for one in getattr(app, kind) if (one.key or "").startswith(f"action_{name}_"))


def _says(app: AppTest, text: str) -> bool:
    return any(text in table for table in _tables(app))


@LANGS
def test_an_action_is_added_on_the_page_and_carried_over(workspace: Workspace, open_page: OPEN, lang: str) -> None:
    """W4, U4: the form writes what was typed, empties itself, and the table has it at once."""
    app = open_page("weekly_review", lang)
    for kind, name, text in (
        ("text_area", "finding", "发货太慢 <b>"),
        ("text_input", "condition", "channel = 'email'"),
        ("text_input", "expected", "-5%"),
        ("text_input", "owner", "李雷"),
    ):
        _widget(app, kind, name).set_value(text)
    _widget(app, "selectbox", "metric").set_value("orders")
    _widget(app, "selectbox", "due").set_value("2026-W20")
    _widget(app, "button", "add_button").click().run()
    assert not app.exception
    (action,) = Ledger(workspace).all()
    written = (action.finding, action.metric, action.condition, action.expected.text, action.owner, action.due)
    assert written == ("发货太慢 <b>", "orders", "channel = 'email'", "-5%", "李雷", "2026-W20")
    assert app.success[0].value == words(lang)["actions.added"].format(id=1, due="2026-W20")
    assert _says(app, "#1 发货太慢 <b>")
    assert _widget(app, "text_area", "finding").value == ""


@LANGS
def test_a_mistake_on_the_page_is_said_and_what_was_typed_is_kept(
    workspace: Workspace, open_page: OPEN, lang: str
) -> None:
    """W4: nothing is written."""
    app = open_page("weekly_review", lang)
    _widget(app, "text_area", "finding").set_value("Late")
    _widget(app, "text_input", "owner").set_value("Mei")
    _widget(app, "text_input", "expected").set_value("more")
    _widget(app, "button", "add_button").click().run()
    assert "expected a change with its sign" in app.error[0].value
    assert _widget(app, "text_area", "finding").value == "Late"
    assert Ledger(workspace).all() == []


def test_a_due_action_stands_with_its_effect_and_an_open_one_without(workspace: Workspace, open_page: OPEN) -> None:
    """W4, X1: the numbers are the metrics layer's; a week that can change is not judged."""
    _add(workspace, "Measured", "2026-W07")
    _add(workspace, "Too early", "2026-W10")
    _add(workspace, "Later", "2026-W20")
    app = open_page("weekly_review")
    due, carried = _tables(app)[:2]
    monday = dt.date(2026, 2, 9)
    fake = FakeMetrics()
    frame = fake.query(["sessions"], grain="week", start=monday, end=dt.date(2026, 2, 15), where="channel = 'email'")
    assert f"<td>{fake.catalogue()['sessions'].format(frame['sessions'][0], 'en', 'CNY')}</td>" in due
    assert "#1 Measured" in due
    assert " ± " in due
    assert words("en")["actions.verdicts.maturing"] in due.partition("#2 Too early")[2]
    assert "#3 Later" in carried


@LANGS
def test_an_action_is_closed_on_the_page_and_found_in_the_playbook(
    workspace: Workspace, open_page: OPEN, lang: str
) -> None:
    """W4: what was learnt is kept with its outcome, and every word of a search must occur."""
    _add(workspace, "Post at noon", "2026-W07")
    app = open_page("weekly_review", lang)
    _widget(app, "text_area", "learning").set_value("Weekdays only")
    _widget(app, "button_group", "outcome").set_value("worked")
    _widget(app, "button", "close_button").click().run()
    assert not app.exception
    assert Ledger(workspace).get(1).outcome == "worked"
    assert _says(app, "Weekdays only")
    assert _says(app, words(lang)["actions.outcomes.worked"])
    next(one for one in app.text_input if one.key == "w_playbook").set_value("noon sundays").run()
    assert not _says(app, "Weekdays only")
    assert words(lang)["actions.none_closed"] in [one.value for one in app.caption]


def test_an_address_opens_the_playbook_at_what_it_asks_for(workspace: Workspace, open_page: OPEN) -> None:
    """W4, U2: an alert can link to what was learnt about its metric."""
    for number, metric in enumerate(("sessions", "orders"), start=1):
        _add(workspace, f"About {metric}", "2026-W07", metric)
        Ledger(workspace).close(number, "Learnt", "worked")
    app = open_page("weekly_review", playbook="orders")
    assert _says(app, "About orders")
    assert not _says(app, "About sessions")
    assert app.query_params["playbook"] == "orders"


def test_a_store_that_cannot_be_opened_leaves_the_rest_of_the_page(workspace: Workspace, open_page: OPEN) -> None:
    """W4, U5: one line where the actions would stand."""
    (workspace.state / "store.sqlite").mkdir()
    app = open_page("weekly_review")
    assert not app.exception
    assert "cannot be used as the store" in app.error[0].value
    assert app.get("vega_lite_chart")
