"""Stages of persons against a walk through each person's days."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from model_sql import PROJECT, Tables
from retention_oracle import first_day

LAST = dt.date(2026, 6, 30)
FIRST = LAST - dt.timedelta(420)
RULES = list(csv.DictReader((PROJECT / "seeds" / "stage_rules.csv").read_text(encoding="utf-8").splitlines()))
DAY = st.one_of(st.integers(0, 420), st.sampled_from((90, 91, 180, 181, 240, 330, 420)))
FACTS = st.lists(
    st.tuples(st.sampled_from("pqr"), st.sampled_from(("visit", "read", "lead", "order")), DAY), max_size=9
)


def _tables(facts: list[tuple[str, str, int]], week_offset: int) -> Tables:
    tables = Tables(LAST, week_offset)
    dated = [(person, kind, FIRST + dt.timedelta(day)) for person, kind, day in facts]
    visits = [(p, day, kind == "read") for p, kind, day in dated if kind in ("visit", "read")]
    tables.give("fct_sessions", {"person_id": "varchar", "session_date": "date", "is_engaged": "boolean"}, visits)
    leads = [(p, day) for p, kind, day in dated if kind == "lead"]
    tables.give("fct_leads", {"person_id": "varchar", "first_contact_date": "date"}, leads)
    orders = [(p, day) for p, kind, day in dated if kind == "order"]
    tables.give("fct_orders", {"person_id": "varchar", "order_date": "date"}, orders)
    columns = {"stage": "varchar", "position": "integer", "measure": "varchar", "at_least": "integer"}
    tables.give("stage_rules", columns, [tuple(rule.values()) for rule in RULES])
    tables.build("int_stages__active_days", "fct_person_stages", "fct_stage_moves_weekly")
    return tables


def _stage(facts: list[tuple[str, str, int]], person: str, day: dt.date) -> str:
    mine = [(kind, FIRST + dt.timedelta(n)) for who, kind, n in facts if who == person]
    past = Counter(kind for kind, at in mine if at <= day)
    if not past:
        return "unseen"
    idle = (day - max(at for _, at in mine if at <= day)).days
    if idle >= 90:
        return "lost" if idle >= 180 else "dormant"
    if past["order"]:
        return "loyal" if past["order"] >= 4 else "repeat" if past["order"] >= 2 else "customer"
    return "lead" if past["lead"] else "engaged" if past["read"] else "aware"


def test_what_was_reached_stays_reached_and_silence_only_covers_it() -> None:
    """R6: a visit after the order leaves a customer a customer, also after 100 days without any."""
    facts = [("p", "visit", 300), ("p", "order", 310), ("p", "visit", 312), ("p", "visit", 412)]
    stretches = "select stage, valid_from, valid_to from fct_person_stages order by valid_from"
    assert [
        (stage, (start - FIRST).days, end and (end - FIRST).days)
        for stage, start, end in _tables(facts, 0).rows(stretches)
    ] == [("aware", 300, 310), ("customer", 310, 402), ("dormant", 402, 412), ("customer", 412, None)]


def test_a_week_has_as_many_persons_as_the_week_before_and_those_who_are_new() -> None:
    """R6, X2: who leaves a stage is at another, week by week."""
    facts = [("p", "visit", 300), ("p", "order", 310), ("q", "visit", 311), ("r", "read", 330)]
    moves = "select week_start, sum(persons), sum(persons) filter (where stage_before = 'unseen') from ({}) group by 1"
    weeks = _tables(facts, 0).rows(moves.format("from fct_stage_moves_weekly") + " order by 1")
    seen = 0
    for _, persons, new in weeks:
        seen += new or 0
        assert persons == seen
    assert seen == 3


@settings(max_examples=25, deadline=None)
@given(facts=FACTS, week_offset=st.integers(0, 6))
def test_stages_and_their_weekly_moves_are_those_of_each_person(
    facts: list[tuple[str, str, int]], week_offset: int
) -> None:
    """R6, X2: a stage for each person and day from the first on, and a matrix of moves that loses nobody."""
    tables = _tables(facts, week_offset)
    stretches = tables.rows("select person_id, stage, valid_from, valid_to from fct_person_stages order by 1, 3")
    found = {
        (person, start + dt.timedelta(n)): stage
        for person, stage, start, end in stretches
        for n in range(((end or LAST + dt.timedelta(1)) - start).days)
    }
    days = [FIRST + dt.timedelta(n) for n in range(421)]
    persons = sorted({person for person, _, _ in facts})
    expected = {(p, day): _stage(facts, p, day) for p in persons for day in days}
    assert found == {key: stage for key, stage in expected.items() if stage != "unseen"}
    assert all(a[:2] != b[:2] for a, b in pairwise(stretches))
    moves = tables.rows("select week_start, stage_before, stage, persons from fct_stage_moves_weekly")
    assert {(week, before, stage): n for week, before, stage, n in moves} == _moves(expected, persons, week_offset)


def _moves(
    stages: dict[tuple[str, dt.date], str], persons: list[str], week_offset: int
) -> Counter[tuple[dt.date, str, str]]:
    moves: Counter[tuple[dt.date, str, str]] = Counter()
    week = first_day(FIRST, "week", week_offset)
    while week <= LAST:
        end = min(week + dt.timedelta(6), LAST)
        for person in persons:
            before = stages.get((person, week - dt.timedelta(1)), "unseen")
            if stages[person, end] != "unseen":
                moves[week, before, stages[person, end]] += 1
        week += dt.timedelta(7)
    return moves
