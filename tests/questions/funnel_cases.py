"""Small random histories and funnels, and how the SQL is asked about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
from funnel_oracle import Event
from hypothesis import strategies as st
from pydantic import ValidationError

from dashboards.questions.rendering import render
from opsloop.funnels import Exclusion, Filter, Funnel, Step

ORIGIN = dt.datetime(2026, 3, 1, 8)
MINUTE = dt.timedelta(minutes=1)
FILTERS = st.sampled_from(
    [
        (),
        (),
        (),
        (Filter(property="page_path", operator="like", values=("/x*",)),),
        (Filter(property="page_path", values=("/x", "/y")),),
        (Filter(property="device", operator="is_not", values=("phone",)),),
    ]
)


def moment(minute: float | None) -> dt.datetime | None:
    """Return the instant so many minutes after the beginning of all stories."""
    return None if minute is None else ORIGIN + minute * MINUTE


@st.composite
def histories(draw: st.DrawFn, most: int = 7) -> list[Event]:
    """Up to two persons with events that often share an instant."""
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from("pppq"),
                st.integers(0, 8),
                st.sampled_from("aaabbbccx"),
                st.sampled_from(["/x", "/x/1", "/y", None]),
                st.sampled_from(["phone", "desk", None]),
            ),
            min_size=1,
            max_size=most,
        )
    )
    return [Event(number, unit, ORIGIN + at * MINUTE, *rest) for number, (unit, at, *rest) in enumerate(rows)]


@st.composite
def funnels(draw: st.DrawFn, order: str | None = None) -> Funnel:
    """Funnels with every option, in every combination that is allowed."""
    order = order or draw(st.sampled_from(["ordered", "ordered", "strict", "any"]))
    size = draw(st.integers(2, 4))
    steps = [draw(_steps(may_wait=at > 0 or order == "any", is_inside=0 < at < size - 1)) for at in range(size)]
    exclusions = draw(st.lists(_exclusions(steps, order), max_size=2))
    window = draw(st.sampled_from([1, 2, 3, 5, 9])) * 60
    told = {"order": order, "window_seconds": window}
    return next(filter(None, (_made(*parts, **told) for parts in _plainer(steps, exclusions))))


@st.composite
def _steps(draw: st.DrawFn, *, may_wait: bool, is_inside: bool) -> Step:
    return Step(
        event=draw(st.sampled_from(["a", "b", "c"])),
        where=draw(FILTERS),
        optional=is_inside and draw(st.booleans()),
        within_minutes=draw(st.sampled_from([None, None, 1, 2, 4])) if may_wait else None,
    )


def in_any_order(funnel: Funnel) -> Funnel | None:
    """Return the same funnel in any order, or nothing where that is refused."""
    return _made(funnel.steps, funnel.exclusions, order="any", window_seconds=funnel.window_seconds)


def _made(steps: Sequence[Step], exclusions: Sequence[Exclusion], **told: Any) -> Funnel | None:
    try:
        return Funnel(steps=tuple(steps), exclusions=tuple(exclusions), **told)
    except ValidationError:
        return None


def _plainer(steps: list[Step], exclusions: list[Exclusion]) -> Iterator[tuple[list[Step], list[Exclusion]]]:
    """A funnel, and what is left of it without what cannot be had together in any order."""
    alike = [step.model_copy(update={"within_minutes": steps[-1].within_minutes}) for step in steps]
    firm = [step.model_copy(update={"optional": False}) for step in alike]
    whole = [one for one in exclusions if one.after is None]
    yield from [(steps, exclusions), (steps, exclusions[:1]), (steps, whole), (alike, whole), (firm, whole)]


@st.composite
def _exclusions(draw: st.DrawFn, steps: Sequence[Step], order: str) -> Exclusion:
    firm = [at for at, step in enumerate(steps, start=1) if not step.optional]
    after, before = sorted(draw(st.lists(st.sampled_from(firm), min_size=2, max_size=2, unique=True)))
    is_whole = draw(st.sampled_from([False, False, True]))
    inside = {step.event for step in (steps[1:-1] if is_whole else steps[after : before - 1])}
    names = [name for name in ("a", "b", "c", "x") if order == "any" or name not in inside]
    between = {} if is_whole else {"after": after, "before": before}
    return Exclusion(event=draw(st.sampled_from(names)), **between)


def load(engine: duckdb.DuckDBPyConnection, events: Sequence[Event]) -> None:
    """Fill the table `events`."""
    engine.execute(
        "create or replace table events (event_id bigint, person_id varchar, session_id varchar, event_at timestamp,"
        " event_date date, event_name varchar, page_path varchar, device varchar)"
    )
    rows = [(e.event_id, e.unit, e.unit, e.at, e.at.date(), e.event_name, e.page_path, e.device) for e in events]
    if rows:
        engine.executemany("insert into events values (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def asked(funnel: Funnel, **options: Any) -> dict[str, Any]:
    """Return the question that the macros read."""
    instants = {name: options.pop(name, None) for name in ("start", "until", "known_until")}
    times = {name: None if at is None else f"timestamp '{at}'" for name, at in instants.items()}
    return {
        **funnel.asked(),
        "events": "events",
        "unit": "person_id",
        "key": "person_id",
        "starts": "any",
        "entry": None,
        "from": times["start"],
        "until": times["until"],
        "known_until": times["known_until"],
        **options,
    }


def answer(engine: duckdb.DuckDBPyConnection, question: dict[str, Any]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return what the SQL says in the oracle's shape."""
    keys = ["unit", *(["entry"] if question["entry"] else []), "step_index"]
    sql = render("with {{ funnel_reached(q) }} select " + ", ".join(keys), q=question)
    rows = engine.execute(f"{sql}, reached_at, entered_at, previous_at from reached").fetchall()
    return {row[: len(keys)]: row[len(keys) :] for row in rows}
