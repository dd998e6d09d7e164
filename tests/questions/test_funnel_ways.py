"""Funnels in SQL against every choice of events (S5, S6, S7)."""

from __future__ import annotations

import duckdb
import pytest
from funnel_cases import answer, asked, funnels, histories, load, moment
from funnel_oracle import Event, reached
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsloop.funnels import Funnel

MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _same(engine: duckdb.DuckDBPyConnection, funnel: Funnel, events: list[Event], **options: object) -> None:
    load(engine, events)
    told = dict(options)
    entry = told.pop("entry", None)
    by = {
        None: None,
        "event_id": lambda e: e.event_id,
        "event_date": lambda e: e.at.date(),
        "device": lambda e: e.device,
    }
    found = answer(engine, asked(funnel, entry=entry, **told))
    expected = reached(funnel, events, entry=by[entry], **told)
    if funnel.order == "any":
        found = {key: (at, entered, None) for key, (at, entered, _) in found.items()}
    assert found == expected


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
    _same(
        engine, funnel, events, start=moment(start), until=moment(until), known_until=moment(known), starts=starts,
        entry=entry,
    )  # fmt: skip
