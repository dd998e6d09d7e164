"""Who is behind a cell of the matrix of stages, against going through the days (R6, S10)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.questions.stages import UNSEEN, persons_sql

WEEK = dt.date(2026, 3, 2)
BEGIN = WEEK - dt.timedelta(days=10)
STAGES = ("aware", "customer", "it's lost")
# Of each person, the days (from the beginning on) on which a stage begins; the last one goes on.
lives = st.lists(
    st.lists(st.tuples(st.integers(0, 22), st.sampled_from(STAGES)), max_size=4, unique_by=lambda one: one[0]),
    min_size=1,
    max_size=4,
)


def _day(number: int) -> dt.date:
    return BEGIN + dt.timedelta(days=number)


def _stage(life: list[tuple[int, str]], day: dt.date) -> str:
    """The stage that began last, up to a day."""
    begun = [stage for at, stage in sorted(life) if _day(at) <= day]
    return begun[-1] if begun else UNSEEN


@settings(max_examples=40, deadline=None)
@given(people=lives, last_known=st.integers(10, 20).map(_day))
def test_who_stood_where_before_the_week_and_at_its_end(
    people: list[list[tuple[int, str]]], last_known: dt.date
) -> None:
    """R6, S10: by the last day of the week before and the week's own, or the last day known in the running week."""
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_person_stages (person_id varchar, stage varchar, valid_from date, valid_to date)"
        )
        for number, life in enumerate(people):
            ends = [*(_day(two[0]) for _, two in pairwise(sorted(life))), None]
            for (begins, stage), end in zip(sorted(life), ends, strict=False):
                row = [f"p{number}", stage, _day(begins), end]
                connection.execute("insert into marts.fct_person_stages values (?, ?, ?, ?)", row)
        end = min(WEEK + dt.timedelta(days=6), last_known)
        for before in (UNSEEN, *STAGES):
            for stage in STAGES:
                found = connection.execute(persons_sql(WEEK, before, stage, last_known)).fetchall()
                expected = {
                    f"p{number}"
                    for number, life in enumerate(people)
                    if _stage(life, WEEK - dt.timedelta(days=1)) == before and _stage(life, end) == stage
                }
                assert sorted(one for (one,) in found) == sorted(expected)
