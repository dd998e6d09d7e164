"""What is written down of an action, when it is due, and which actions a week's review knows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from series import Series

from dashboards.actions.action import Action, Expected, found, known_to
from dashboards.weeks import named_week
from opsloop.errors import UsageError
from opsloop.workspace import Workspace


def at(text: str) -> dt.datetime:
    """A time of day in Shanghai."""
    return dt.datetime.fromisoformat(f"{text}+08:00").astimezone(dt.UTC)


ONE = Action(1, at("2026-06-02T10:00"), "Send it sooner", "orders", None, Expected.read("+5%"), "Mei", "2026-W25")


@pytest.mark.parametrize(
    ("text", "of_200"),
    [
        ("+5%", 10),
        ("-5%", -10),
        ("-200", -200),
        ("+0.5", 0.5),
        ("+1.5pt", 0.015),
        (" + 5 % ", 10),
        ("＋5％", 10),
        ("−3", -3),
    ],
)
def test_an_expected_effect_is_a_share_of_the_baseline_an_amount_or_points(text: str, of_200: float) -> None:
    """W4: as people type it, full-width signs included; a share is of the baseline's size, also below zero."""
    assert Expected.read(text).of(200) == pytest.approx(of_200)
    assert Expected.read(Expected.read(text).text) == Expected.read(text)
    assert Expected.read("+5%").of(-200) == 10


@pytest.mark.parametrize(
    "text", ["5%", "200", "", "+", "+0", "-0.0%", "more", "+5%%", "+5 orders", "+1e3", "+" + "9" * 400]
)
def test_an_expected_effect_without_a_sign_or_a_size_is_refused(text: str) -> None:
    """W4: one clear line."""
    with pytest.raises(UsageError, match="expected a change with its sign"):
        Expected.read(text)


def test_an_action_is_due_from_the_first_day_of_its_due_week_until_it_is_closed(company: Workspace) -> None:
    """W4: the company's week of that name."""
    sunday, monday = dt.date(2026, 6, 14), dt.date(2026, 6, 15)
    assert [ONE.status(company, day) for day in (sunday, monday)] == ["open", "due"]
    closed = replace(ONE, closed_at=at("2026-06-20T10:00"))
    assert closed.status(company, monday) == "closed"


@pytest.mark.parametrize(
    ("added", "due", "last"),
    [
        ("2026-06-02T10:00", "2026-W25", "2026-W22"),
        ("2026-06-01T00:00", "2026-W25", "2026-W22"),
        ("2026-05-31T23:59", "2026-W25", "2026-W21"),
        ("2026-06-02T10:00", "2026-W23", "2026-W22"),
        ("2026-06-20T10:00", "2026-W23", "2026-W22"),
    ],
)
def test_a_baseline_ends_before_the_action_and_before_its_due_week(
    company: Workspace, added: str, due: str, last: str
) -> None:
    """W4: the week in which it was added is no baseline, unless it was just over; nor is the due week ever."""
    assert replace(ONE, added_at=at(added), due=due).baseline_ends(company).label == last


# The newest whole week is 2026-W26. The review of 2026-W24 is held in 2026-W25, which ends on 21 June.
@pytest.mark.parametrize(
    ("week", "added", "due", "is_known"),
    [
        ("2026-W24", "2026-06-21T23:59", "2026-W30", True),
        ("2026-W24", "2026-06-22T00:01", "2026-W30", False),
        ("2026-W26", "2026-06-29T00:01", "2026-W30", True),
        ("2026-W27", "2026-06-29T00:01", "2026-W30", True),
        ("2026-W25", "2026-06-29T00:01", "2026-W30", False),
        ("2026-W24", "2026-06-29T00:01", "2026-W24", True),
        ("2026-W23", "2026-06-29T00:01", "2026-W24", True),
        ("2026-W22", "2026-06-29T00:01", "2026-W24", False),
    ],
)
def test_an_older_weeks_review_does_not_know_what_was_added_later(
    company: Workspace, week: str, added: str, due: str, is_known: bool
) -> None:
    """W3, W4: the newest week's review knows all; what is recorded after its due week counts from that week on."""
    action = replace(ONE, added_at=at(added), due=due)
    assert known_to(named_week(week, company), [action], company, company.as_of) == ([action] if is_known else [])


def test_an_older_weeks_review_does_not_know_what_was_closed_later(company: Workspace) -> None:
    """W3: an action closed on the Monday after a review was open in it, and closed in the next."""
    closed = replace(ONE, closed_at=at("2026-06-22T10:00"), outcome="worked", learning="It helped.")
    for week, expected in (("2026-W24", ONE), ("2026-W25", closed), ("2026-W26", closed)):
        assert known_to(named_week(week, company), [closed], company, company.as_of) == [expected]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("sooner", True), ("SEND orders", True), ("订单", True), ("mei w25", True), ("sooner never", False), ("", True)],
)
def test_a_search_wants_every_word_somewhere(text: str, is_found: bool) -> None:
    """W4: in the finding, the metric and its labels, the owner, the week, the outcome or the learning."""
    catalogue = Series({}).catalogue()
    assert found([ONE], text, catalogue) == ([ONE] if is_found else [])  # type: ignore[arg-type]
