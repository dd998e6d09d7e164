"""Paths in SQL against walking event by event (S9, S10)."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import duckdb
import pytest
from fake_snapshot import Published
from funnel_cases import ORIGIN, load
from funnel_oracle import Event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paths_oracle import moves, walks

from dashboards.questions.paths import PathQuestion, Paths
from opsloop.errors import UsageError
from opsloop.funnels import EventFilter, Filter

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAY = ORIGIN.date()
KINDS = [EventFilter(event="page_view"), EventFilter(event="a"), EventFilter(where=(Filter(property="page_path", operator="like", values=("/x*",)),))]  # fmt: skip  # noqa: E501


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Up to two persons who look at pages and do things, over two days."""
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from("ppq"),
                st.integers(0, 30),
                st.sampled_from(["page_view", "page_view", "a", "b"]),
                st.sampled_from(["/x", "/x?a=1", "/x/1", "/y#z", None]),
                st.sampled_from(["phone", "desk", None]),
            ),
            min_size=1,
            max_size=9,
        )
    )
    hour = dt.timedelta(hours=1)
    return [Event(number, unit, ORIGIN + at * hour, *rest) for number, (unit, at, *rest) in enumerate(rows)]


@st.composite
def questions(draw: st.DrawFn) -> PathQuestion:
    """Every option, combined."""
    anchor = draw(st.sampled_from([None, *KINDS]))
    return PathQuestion(
        DAY,
        DAY + dt.timedelta(days=draw(st.integers(0, 1))),
        anchor=anchor,
        direction="from" if anchor is None else draw(st.sampled_from(["from", "to"])),
        steps=draw(st.integers(1, 4)),
        node=draw(st.sampled_from(["page", "event", "both"])),
        walker=draw(st.sampled_from(["sessions", "persons"])),
        drop_query=draw(st.booleans()),
        collapse=draw(st.booleans()),
        groups=draw(st.sampled_from([(), (("/x/*", "X"), ("/*", "P")), (("a", "A%_'"),)])),
        keep=draw(st.sampled_from([(), (KINDS[0],), (KINDS[1], KINDS[2])])),
        leave_out=draw(st.sampled_from([(), (EventFilter(event="b"),)])),
        segment=draw(st.sampled_from([(), (Filter(property="device", values=("phone",)),)])),
    )


def _ask(engine: duckdb.DuckDBPyConnection, events: list[Event]) -> Paths:
    load(engine, events)
    return Paths(Published(engine, events, dt.datetime(2026, 4, 1, tzinfo=dt.UTC)))


@FEW
@given(events=histories(), question=questions())
def test_every_option_gives_what_walking_gives(
    engine: duckdb.DuckDBPyConnection, events: list[Event], question: PathQuestion
) -> None:
    """S9, S10: moves by place, matrix with transitions and persons, whole walks, who is behind a cell."""
    asked, expected = _ask(engine, events), moves(question, events)
    flow = asked.flow(question)
    found = {(row["place"], row["source"], row["target"]): (row["transitions"], row["persons"]) for row in flow.iter_rows(named=True)}  # fmt: skip  # noqa: E501
    assert found == {key: (count, count) for key, count in Counter(move[1:] for move in expected).items()}
    matrix = {(row["source"], row["target"]): row for row in asked.matrix(question).iter_rows(named=True)}
    assert {key: row["transitions"] for key, row in matrix.items()} == Counter(move[2:] for move in expected)
    for (source, target), row in matrix.items():
        who = Counter(unit for unit, _, start, end in expected if (start, end) == (source, target))
        assert row["persons"] == len(who)
        listed = asked.persons(question, source, target)
        assert dict(zip(listed["person_id"], listed["transitions"], strict=True)) == who
    told = {tuple(row["nodes"]): row["walks"] for row in asked.walks(question).iter_rows(named=True)}
    assert told == Counter(tuple(name for _, name in walk) for walk in walks(question, events).values())


def _pages(unit: str, device: str, *paths: str) -> list[Event]:
    first = sum(map(ord, unit)) * 100
    return [
        Event(first + at, unit, ORIGIN + dt.timedelta(minutes=at), "page_view", path, device)
        for at, path in enumerate(paths)
    ]


def test_transitions_and_persons_are_both_counted(engine: duckdb.DuckDBPyConnection) -> None:
    """S9: going to and fro is many transitions of one person."""
    events = [*_pages("ann", "phone", "/a", "/b", "/a", "/b"), *_pages("bob", "desk", "/a", "/b?x", "/b#y")]
    rows = _ask(engine, events).matrix(PathQuestion(DAY, DAY, steps=9)).to_dicts()
    assert {(row["source"], row["target"]): (row["transitions"], row["persons"]) for row in rows} == {
        ("/a", "/b"): (3, 2),
        ("/b", "/a"): (1, 1),
        ("/b", None): (2, 2),
    }


def test_the_difference_of_two_segments_is_in_shares_of_the_source(engine: duckdb.DuckDBPyConnection) -> None:
    """S9: what phones do more often than desks, by segments of the anchor."""
    events = [
        *_pages("ann", "phone", "/a", "/b"),
        *_pages("bob", "phone", "/a", "/c"),
        *_pages("cid", "desk", "/a", "/b"),
    ]
    segments = [(Filter(property="device", values=(device,)),) for device in ("phone", "desk")]
    one, two = (PathQuestion(DAY, DAY, steps=1, segment=segment) for segment in segments)
    rows = _ask(engine, events).difference(one, two).to_dicts()
    assert {(row["target"], row["transitions"], row["transitions_two"], row["share_more"]) for row in rows} == {
        ("/b", 1, 1, -0.5),
        ("/c", 1, 0, 0.5),
    }


def test_a_path_to_nothing_or_of_too_many_steps_is_refused() -> None:
    """S9: wrong use is one line."""
    with pytest.raises(UsageError, match="name an anchor"):
        PathQuestion(DAY, DAY, direction="to")
    with pytest.raises(UsageError, match="1 to 20 steps"):
        PathQuestion(DAY, DAY, steps=21)
