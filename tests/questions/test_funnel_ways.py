"""Funnels in SQL against every choice of events (S5, S6, S7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from funnel_cases import answer, asked, funnels, histories, in_any_order, load, moment
from funnel_oracle import Event, reached
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from opsloop.funnels import Funnel

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


BY: dict[str | None, Callable[[Event], Any] | None] = {None: None, "event_id": lambda event: event.event_id}


def _both(
    engine: duckdb.DuckDBPyConnection, funnel: Funnel, events: list[Event], entry: str | None, **told: Any
) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """What the SQL says and what all choices say."""
    load(engine, events)
    found = answer(engine, asked(funnel, entry=entry, **told))
    return found, reached(funnel, events, entry=BY[entry], **told)


@pytest.mark.parametrize("order", ["ordered", "strict", "any"])
@MANY
@given(data=st.data())
def test_every_option_gives_what_trying_all_choices_gives(
    engine: duckdb.DuckDBPyConnection, order: str, data: st.DataObject
) -> None:
    """S5, S6, S7: order, windows, exclusions, optional and repeated steps, filters, ties, starts, ranges, combined."""
    events, funnel = data.draw(histories()), data.draw(funnels(order))
    start = data.draw(st.sampled_from([None, None, 0, 2]))
    until = data.draw(st.sampled_from([None, None, 3, 6]))
    known = data.draw(st.sampled_from([None, None, 5, 9]))
    starts = data.draw(st.sampled_from(["any", "any", "first", "first_ever"]))
    entry = data.draw(st.sampled_from([None, None, "event_id"])) if starts == "any" else None
    told = {"start": moment(start), "until": moment(until), "known_until": moment(known), "starts": starts}
    found, expected = _both(engine, funnel, events, entry, **told)
    assert found == expected


@MANY
@given(data=st.data())
def test_who_passes_in_order_passes_in_any_order(engine: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    """S5: to let the order go loses nobody, at no step, and makes nobody later."""
    events, ordered = data.draw(histories()), data.draw(funnels("ordered"))
    free = in_any_order(ordered)
    assume(free)
    load(engine, events)
    found = answer(engine, asked(free))
    for key, (at, _, _) in answer(engine, asked(ordered)).items():
        assert found[key][0] <= at
