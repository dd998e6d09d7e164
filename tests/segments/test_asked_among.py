"""A question asked among some persons is the question asked of a company that has nobody else (S10, M3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from segment_shop import FIRST, Deed, Shop

from dashboards.questions.funnel import FunnelQuestion, Funnels
from dashboards.questions.paths import PathQuestion, Paths
from dashboards.questions.retention import Activity, Question, Retention
from opsloop.funnels import EventFilter, Exclusion, Funnel, Step

PERSONS = ("p_a", "p_b", "p_c")
AMONG = "(select unnest(['p_a', 'p_c', 'p_nobody']) as person_id)"
Rows = list[list[tuple[Any, ...]]]
DAY = FIRST.date()
LAST = DAY + dt.timedelta(days=20)
deeds = st.lists(
    st.tuples(
        st.sampled_from(PERSONS),
        st.integers(0, 20 * 24 * 60).map(lambda minute: minute // 360 * 360),
        st.sampled_from(["view", "view", "cart", "buy", "page_view"]),
        st.sampled_from(["/x", "/x/1", "/y", None]),
        st.sampled_from(["phone", "desk"]),
    ),
    min_size=1,
    max_size=16,
)
funnels = st.sampled_from(
    [
        Funnel(steps=(Step(event="view"), Step(event="buy")), window_seconds=86400),
        Funnel(steps=(Step(event="view"), Step(event="cart", optional=True), Step(event="buy"))),
        Funnel(steps=(Step(event="view"), Step(event="view"), Step(event="buy"))),
        Funnel(steps=(Step(event="view"), Step(event="cart")), order="strict"),
        Funnel(steps=(Step(event="view"), Step(event="cart"), Step(event="buy")), order="any"),
        Funnel(steps=(Step(event="view"), Step(event="buy")), exclusions=(Exclusion(event="cart", after=1, before=2),)),
    ]
)


def both(told: Sequence[Deed], answer: Callable[[Shop, str | None], list[pl.DataFrame]]) -> tuple[Rows, Rows]:
    """Return the answers among some of all, and those of a company of these alone."""
    everybody, alone = Shop(told), Shop([deed for deed in told if deed[0] in AMONG])
    return [one.rows() for one in answer(everybody, AMONG)], [one.rows() for one in answer(alone, None)]


@settings(max_examples=25, deadline=None)
@given(told=deeds, funnel=funnels, unit=st.sampled_from(["persons", "sessions", "events"]), starts=st.sampled_from(["any", "first", "first_ever"]))  # fmt: skip  # noqa: E501
def test_a_funnel_among_some_is_their_own(told: list[Deed], funnel: Funnel, unit: str, starts: str) -> None:
    """S5 to S8: steps, times, trend, breakdown and the persons of each step."""

    def answer(shop: Shop, among: str | None) -> list[pl.DataFrame]:
        own = "any" if unit == "events" else starts
        question = FunnelQuestion(funnel, DAY, LAST, unit, own, among)  # type: ignore[arg-type]
        asked = Funnels(shop)
        persons = [asked.persons(question, at + 1) for at in range(len(funnel.steps))]
        lost = asked.persons(question, len(funnel.steps), dropped=True)
        group = asked.persons(question, 1, by="device", value="phone")
        steps, times, trend = asked.steps(question), asked.histogram(question), asked.trend(question, "week")
        return [steps, times, trend, asked.breakdown(question, "device"), *persons, lost, group]

    among_all, alone = both(told, answer)
    assert among_all == alone


@settings(max_examples=25, deadline=None)
@given(
    told=deeds,
    start=st.sampled_from(["first", "recurring"]),
    clock=st.sampled_from(["calendar", "rolling"]),
    kind=st.sampled_from(["on", "after", "brackets"]),
    pair=st.sampled_from([("event:view", "event:view"), ("session", "order"), ("event:buy", "session")]),
)
def test_retention_among_some_is_their_own(
    told: list[Deed], start: str, clock: str, kind: str, pair: tuple[str, str]
) -> None:
    """R1 to R4: cells, means and the persons of a cell."""

    def answer(shop: Shop, among: str | None) -> list[pl.DataFrame]:
        starts, returns = (Activity.read(one) for one in pair)
        asked = Retention(shop)
        question = Question(starts, returns, start=start, clock=clock, kind=kind, brackets=((1, 2),), among=among)
        cell = (dt.date(2026, 3, 2), 1, 2 if kind == "brackets" else 1)
        people = [asked.persons(question, *cell, back=back) for back in (True, False)]
        return [asked.cells(question), asked.means(question), *people]

    among_all, alone = both(told, answer)
    assert among_all == alone


@settings(max_examples=15, deadline=None)
@given(told=deeds, direction=st.sampled_from(["from", "to"]), walker=st.sampled_from(["sessions", "persons"]))
def test_paths_among_some_are_their_own(told: list[Deed], direction: str, walker: str) -> None:
    """S9: moves by place, matrix, walks and who made a move."""

    def answer(shop: Shop, among: str | None) -> list[pl.DataFrame]:
        anchor = EventFilter(event="cart")
        question = PathQuestion(DAY, LAST, anchor, direction, walker=walker, among=among)  # type: ignore[arg-type]
        asked = Paths(shop)
        moves = [asked.persons(question, "view", "cart"), asked.persons(question, "cart", "buy")]
        return [asked.flow(question), asked.matrix(question), asked.walks(question), *moves]

    among_all, alone = both(told, answer)
    assert among_all == alone
