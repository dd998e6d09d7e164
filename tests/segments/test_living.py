"""A living segment asks again: of the same days, or of days that move on with what is known (M3)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from segment_shop import Shop
from test_saving_segments import QUESTIONS, VIEWED, ask

from dashboards.segments import files
from dashboards.segments.asked import FunnelPersons
from dashboards.segments.days import Clock
from dashboards.segments.members import Segments
from opsloop.settings import WEEKDAYS
from opsloop.workspace import Workspace

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
MARCH, APRIL = dt.date(2026, 3, 31), dt.date(2026, 4, 30)
WEEK = 7 * 24 * 60


@given(day=DAYS, then=DAYS, now=DAYS, week_start=st.sampled_from(WEEKDAYS))
def test_a_day_moves_by_whole_days_weeks_or_months(day: dt.date, then: dt.date, now: dt.date, week_start: str) -> None:
    """X3: a cohort stays as many of its own periods before the last day known as it was."""
    clock = Clock(then, now, week_start)
    assert clock.moved(day) - day == now - then
    workspace = Workspace.__new__(Workspace)
    workspace.settings = type("Own", (), {"week_start": week_start})()  # type: ignore[assignment]
    cohort, week = workspace.week_of(day), clock.moved(workspace.week_of(day), "week")
    assert week == workspace.week_of(week)
    assert (workspace.week_of(now) - week) == (workspace.week_of(then) - cohort)
    month = clock.moved(day.replace(day=1), "month")
    assert month.day == 1
    before = [(a.year - b.year) * 12 + a.month - b.month for a, b in ((now, month), (then, day))]
    assert before[0] == before[1]


def test_a_living_segment_has_whoever_answers_the_question_now(workspace: Workspace) -> None:
    """M3: over the same days a person who is known later is in it, and over moving days whoever came since."""
    deeds = [("p_ann", 1, "view", "/x", "phone"), ("p_bob", 5 * WEEK, "view", "/x", "phone")]
    shop = Shop(deeds[:1], MARCH)
    segments = Segments(workspace, shop)
    question = ask({**VIEWED, "from": "2026-03-01", "to": "2026-03-31"})
    for name, kind, days in (("still", "static", "fixed"), ("same", "living", "fixed"), ("moves", "living", "moving")):
        segments.save(name, (name, name), question, kind, days)  # type: ignore[arg-type]
    later = Shop([*deeds, ("p_cid", 2, "view", "/x", "phone")], APRIL)
    now = Segments(workspace, later)
    found = {name: later.listed(now.relation(name)) for name in ("still", "same", "moves")}
    assert found == {"still": ["p_ann"], "same": ["p_ann", "p_cid"], "moves": ["p_bob"]}
    moved = now.asked(files.read(workspace, "moves"))
    assert isinstance(moved, FunnelPersons)
    assert (moved.start, moved.end) == (dt.date(2026, 3, 31), dt.date(2026, 4, 30))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["of"])
def test_what_moves_stays_the_same_question_but_for_its_days(question: dict[str, object]) -> None:
    """M3: everything else of a question is kept, whatever kind it is."""
    asked = ask(question)
    moved = asked.moved(Clock(MARCH, APRIL))
    days = {"start", "end", "cohort", "week"} & set(type(asked).model_fields)
    for name in type(asked).model_fields:
        assert (getattr(moved, name) != getattr(asked, name)) == (name in days), name
    assert all(getattr(moved, name) > getattr(asked, name) for name in days)


def test_a_cohort_moves_by_whole_periods() -> None:
    """M3, R1: a cohort of March seen at the end of March is April's at the end of April, on its first day."""
    told = {"of": "retention", "starts": "order", "returns": "order", "periods": [0, 0]}
    found = {
        grain: ask({**told, "grain": grain, "cohort": cohort}).moved(Clock(MARCH, APRIL)).cohort  # type: ignore[union-attr]
        for grain, cohort in {"day": "2026-03-10", "week": "2026-03-02", "month": "2026-03-01"}.items()
    }
    assert found == {"day": dt.date(2026, 4, 9), "week": dt.date(2026, 3, 30), "month": dt.date(2026, 4, 1)}
