"""`opsloop actions` on the demo company: what it says, and that its numbers are the metrics layer's."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import statistics
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from dashboards.metrics import Metrics
from opsloop.cli import main
from opsloop.workspace import Workspace

Run = Callable[..., tuple[int, str, str]]
WHERE = "channel = 'email'"


@pytest.fixture
def actions(demo_copy: Workspace, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `opsloop actions …` and returns its status, what it printed and what it said on standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["actions", *arguments, "--workspace", str(demo_copy.root)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def _add(actions: Run, **other: str) -> tuple[int, str, str]:
    written = {"finding": "Late", "metric": "sessions", "expected": "-5%", "owner": "Mei", "due": "2026-W10", **other}
    return actions("add", *[part for name, text in written.items() for part in (f"--{name}", text)])


def _listed(actions: Run, *arguments: str) -> list[dict[str, Any]]:
    status, out, err = actions("list", "--format", "json", *arguments)
    assert (status, err) == (0, "")
    found: list[dict[str, Any]] = json.loads(out)
    return found


def test_an_effect_is_computed_from_numbers_that_the_metrics_layer_gives(actions: Run, demo_copy: Workspace) -> None:
    """W4, X1: the due week and each week of the baseline, asked one by one, give the same effect."""
    assert _add(actions, where=WHERE)[0] == 0
    (row,) = _listed(actions)
    metrics = Metrics.open(demo_copy)
    due = dt.date.fromisocalendar(2026, 10, 1)

    def value(start: dt.date) -> float:
        return metrics.value("sessions", start, start + dt.timedelta(days=6), WHERE) or 0.0

    before = [value(due - dt.timedelta(weeks=number)) for number in range(8, 0, -1)]
    mean, swing = statistics.fmean(before), 2.66 * statistics.fmean(abs(b - a) for a, b in pairwise(before))
    change = value(due) - mean
    assert row["value"] == value(due)
    assert (row["baseline"], row["baseline_weeks"]) == (pytest.approx(mean), 8)
    assert (row["baseline_from"], row["baseline_to"]) == ("2026-01-05", "2026-03-01")
    assert row["effect"] == pytest.approx(change)
    assert (row["effect_low"], row["effect_high"]) == (pytest.approx(change - swing), pytest.approx(change + swing))
    assert row["effect_expected"] == pytest.approx(-0.05 * mean)
    assert row["reached"] == (change <= -0.05 * mean)


def test_actions_are_added_listed_found_and_closed(actions: Run) -> None:
    """W4: open ones include those that are due, closed ones are found by what they taught."""
    assert _add(actions)[1] == "Action 1 was added, due 2026-W10.\n"
    assert _add(actions, metric="orders", due="2026-W40", lang="zh") == (0, "已新增行动 2，到期周 2026-W40。\n", "")
    assert _add(actions, metric="refunds", due="2026-W30", expected="-1000")[0] == 0
    assert actions("close", "3", "--learning", "Sizes were wrong", "--outcome", "failed")[0] == 0
    by_status = {status: [row["id"] for row in _listed(actions, "--status", status)] for status in ("open", "due")}
    assert by_status == {"open": [1, 2], "due": [1]}
    (closed,) = _listed(actions, "--status", "closed", "--search", "sizes REFUNDS")
    assert (closed["id"], closed["outcome"], closed["learning"]) == (3, "failed", "Sizes were wrong")
    assert _listed(actions, "--search", "sizes", "--status", "open") == []
    rows = list(csv.DictReader(io.StringIO(actions("list", "--format", "csv")[1])))
    assert [row["status"] for row in rows] == ["due", "open", "closed"]
    assert actions("list", "--search", "nothing at all", "--format", "json")[1].strip() == "[]"


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("Expected", "due", "Sessions")), ("zh", ("预期", "到期", "会话数"))]
)
def test_the_table_speaks_both_languages(actions: Run, lang: str, words: tuple[str, ...]) -> None:
    """W4: headings, statuses, metrics and results; an action that is recorded late says so."""
    assert "its due week is over" in _add(actions)[2].lower()
    status, out, _ = actions("list", "--lang", lang)
    assert status == 0
    assert all(word in out for word in (*words, "#1 Late", " ± "))


WRONG = [
    ({"metric": "ordrs"}, "did you mean orders"),
    ({"due": "2026-W60"}, "--due 2026-W60: expected an ISO week"),
    ({"expected": "5%"}, "expected a change with its sign"),
    ({"where": "planet = 'mars'"}, "has no dimension 'planet'"),
    ({"where": "channel ="}, "expected a value"),
    ({"metric": "attributed_conversions", "where": "attribution_model in ('first', 'last')"}, "narrow it to one"),
]


@pytest.mark.parametrize(("wrong", "why"), WRONG)
def test_a_mistake_is_one_line_and_status_2(actions: Run, wrong: dict[str, str], why: str) -> None:
    """W4: and nothing is written."""
    status, out, err = _add(actions, **wrong)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert why in err
    assert _listed(actions) == []


@pytest.mark.parametrize("arguments", [("close", "x"), ("close", "-1"), ("close", "99999999999999999999")])
def test_a_number_that_is_none_is_wrong_use(actions: Run, arguments: tuple[str, ...]) -> None:
    """W4."""
    status, _, err = actions(*arguments, "--learning", "So")
    assert (status, err.count("\n")) == (2, 1)
