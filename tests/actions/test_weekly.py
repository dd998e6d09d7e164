"""What actions ask of the metrics layer, over weeks that are written down."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from series import MONDAY, Series, weekly, weeks_before

from dashboards.actions.action import Action, Expected
from dashboards.actions.ledger import Ledger
from dashboards.actions.weekly import add
from opsloop.errors import UsageError
from opsloop.workspace import Workspace

ADDED = dt.datetime(2026, 6, 21, 16, tzinfo=dt.UTC)
ONE = Action(1, ADDED, "Send it sooner", "orders", "channel = 'email'", Expected.read("+5%"), "Mei", "2026-W26")
BEFORE = weeks_before(8)
STEADY = {start: {"orders": 10.0 + 2 * (at % 2)} for at, start in enumerate(BEFORE)}


def test_a_due_week_is_measured_against_the_eight_weeks_before_the_action(company: Workspace) -> None:
    """W4, X1: both are the metric itself, narrowed as the action says."""
    found = weekly(company, {**STEADY, MONDAY: {"orders": 17.0}})
    effect = found.effect(ONE)
    assert effect.baseline is not None
    assert [one.start for one in effect.baseline.weeks] == BEFORE
    assert (effect.change, effect.verdict) == (6, "reached")
    assert isinstance(found.metrics, Series)
    assert {asked["where"] for asked in found.metrics.asked} == {"channel = 'email'"}


@pytest.mark.parametrize(("nothing", "mean"), [(0.0, 76 / 8), (None, 76 / 7)])
def test_a_week_without_a_row_is_zero_where_the_metric_says_so(
    company: Workspace, nothing: float | None, mean: float
) -> None:
    """W4: a channel that sold nothing in a week had a week of zero; a median had none."""
    rows = {start: row for start, row in STEADY.items() if start != BEFORE[3]}
    effect = weekly(company, {**rows, MONDAY: {"orders": 17.0}}, nothing=nothing).effect(ONE)
    assert effect.baseline is not None
    assert effect.baseline.mean == pytest.approx(mean)


def test_weeks_before_the_data_begins_are_no_zeros(company: Workspace) -> None:
    """W4: a company of three weeks has no baseline yet, one of four has."""
    for begins, verdict in ((BEFORE[5], "short"), (BEFORE[4], "reached")):
        rows = {start: row for start, row in STEADY.items() if start >= begins} | {MONDAY: {"orders": 17.0}}
        assert weekly(company, rows, nothing=0.0, begins=begins).effect(ONE).verdict == verdict


def test_a_week_counts_once_it_is_settled(company: Workspace) -> None:
    """X5: the due week is settled with its last day, and not a day before."""
    rows = {**STEADY, MONDAY: {"orders": 17.0}}
    for settled, verdict in ((dt.date(2026, 6, 28), "reached"), (dt.date(2026, 6, 27), "maturing")):
        assert weekly(company, rows, settled=settled).effect(ONE).verdict == verdict


def test_a_rate_brings_the_count_behind_it(company: Workspace) -> None:
    """X9: a week under the minimum sample is left out of the baseline, a due week under it is not judged."""
    rows = {start: {"conversion_rate": 0.1 + 0.02 * (at % 2), "sessions": 30.0} for at, start in enumerate(BEFORE)}
    rows[BEFORE[7]] = {"conversion_rate": 0.9, "sessions": 29.0}
    action = replace(ONE, metric="conversion_rate", expected=Expected.read("+1pt"))
    effect = weekly(company, {**rows, MONDAY: {"conversion_rate": 0.3, "sessions": 30.0}}).effect(action)
    assert effect.baseline is not None
    assert (len(effect.baseline.weeks), effect.verdict) == (7, "reached")
    few = weekly(company, {**rows, MONDAY: {"conversion_rate": 0.3, "sessions": 29.0}}).effect(action)
    assert (few.verdict, few.due.base) == ("few", 29)


def test_a_metric_that_is_no_more_is_said_to_be_so(company: Workspace) -> None:
    """W4: an old action outlives a definition."""
    assert weekly(company, {}).effect(replace(ONE, metric="gone")).verdict == "unknown"


WRITTEN = {
    "finding": "Late",
    "metric": "orders",
    "condition": " ",
    "expected": "+5%",
    "owner": "Mei",
    "due": "2026-w30",
}


def test_an_action_is_written_down_once_all_of_it_makes_sense(company: Workspace) -> None:
    """W4: with the week's plain name and no empty condition."""
    action = add(Ledger(company), weekly(company, {}), **WRITTEN)
    assert (action.id, action.due, action.condition, action.added_at) == (1, "2026-W30", None, company.as_of)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"finding": " "}, "--finding is empty"),
        ({"owner": ""}, "--owner is empty"),
        ({"metric": "order"}, "unknown metric 'order' .did you mean orders"),
        ({"expected": "5%"}, "expected a change with its sign"),
        ({"metric": "conversion_rate", "expected": "+5"}, "is a rate: write points"),
        ({"due": "2026-W60"}, "--due 2026-W60: expected an ISO week"),
        ({"due": "next week"}, "--due NEXT WEEK: expected an ISO week"),
        ({"due": "9999-W52"}, "more than ten years away"),
        ({"due": "0001-W01"}, "more than ten years away"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_nothing_is_written(
    company: Workspace, wrong: dict[str, str], why: str
) -> None:
    """W4: nothing of a refused action is kept."""
    ledger = Ledger(company)
    with pytest.raises(UsageError, match=why):
        add(ledger, weekly(company, {}), **{**WRITTEN, **wrong})
    assert ledger.all() == []
