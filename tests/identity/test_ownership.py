"""Whose a browser is: every event's owner, against a reading of the rule written apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import jinja2
from built_whole import BUILT_WHOLE
from hypothesis import given, settings
from hypothesis import strategies as st

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models"
INPUTS = """
create table int_traffic__events (
    visitor_id varchar, event_id varchar, event_at timestamp, order_id varchar, user_id varchar
);
create table int_identity__person_ids (id_kind varchar, id_value varchar, person_id varchar);
create table int_customers__orders (order_id varchar, person_id varchar);
insert into int_identity__person_ids values
    ('user_id', 'ann', 'p_ann'), ('user_id', 'ann_at_work', 'p_ann'), ('user_id', 'bob', 'p_bob'),
    ('email_hash', 'bob', 'p_wrong');
insert into int_customers__orders values ('o_eve', 'p_eve'), ('o_bob', 'p_bob');
"""
PERSON = {"ann": "p_ann", "ann_at_work": "p_ann", "bob": "p_bob", "o_eve": "p_eve", "o_bob": "p_bob"}
OWNER_OF_EACH_EVENT = """
select events.event_id, owners.person_id
from int_traffic__events as events
inner join owned as owners
    on events.visitor_id = owners.visitor_id
    and events.event_at >= owners.owned_from
    and (owners.owned_to is null or events.event_at < owners.owned_to)
"""
# Visitor, minute, and a user, an order or nothing.
Event = tuple[str, int, str | None]
EVENTS = st.lists(
    st.tuples(st.sampled_from("xy"), st.integers(0, 6), st.sampled_from([None, None, *PERSON, "stranger"])), max_size=12
)


def _brute_force(events: list[Event]) -> dict[str, str]:
    """Each event's owner: the last login up to its minute, else the first after it, else a stranger."""
    owners = {}
    numbered = [(f"e{number:02}", *event) for number, event in enumerate(events)]
    for event_id, visitor, minute, _ in numbered:
        logins = sorted((at, other, PERSON[who]) for other, of, at, who in numbered if of == visitor and who in PERSON)
        until = [person for at, _, person in logins if at <= minute]
        owners[event_id] = (until or [f"v_{visitor}"])[-1] if until or not logins else logins[0][2]
        if not until and logins:
            first_minute = logins[0][0]
            # Of logins at the first login's instant the last by event id counts, for what came before it too.
            owners[event_id] = [person for at, _, person in logins if at == first_minute][-1]
    return owners


def _model() -> str:
    """The model's own SQL over the inputs."""
    text = (MODELS / "intermediate" / "identity" / "int_identity__visitors.sql").read_text(encoding="utf-8")
    query = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(text)
    return query.render(**BUILT_WHOLE, ref=lambda name: name, config=lambda **_: "")


@contextmanager
def _owned(events: list[Event]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the table `owned` of these events."""
    with duckdb.connect() as connection:
        connection.execute(INPUTS)
        for number, (visitor, minute, who) in enumerate(events):
            order, user = (who, None) if who and who.startswith("o_") else (None, who)
            row = [visitor, f"e{number:02}", f"2026-03-01 08:{minute:02}:00", order, user]
            connection.execute("insert into int_traffic__events values (?, ?, ?, ?, ?)", row)
        connection.execute(f"create table owned as {_model()}")
        yield connection


@settings(max_examples=25, deadline=None)
@given(EVENTS)
def test_each_event_belongs_to_the_login_that_owns_the_browser_then_and_before_the_first_to_that_one(
    events: list[Event],
) -> None:
    """D1, D2, D5: intervals leave no event out and give none to two; two user ids of one person change no owner."""
    with _owned(events) as connection:
        rows = connection.execute(OWNER_OF_EACH_EVENT).fetchall()
    assert len(rows) == len(events)
    assert dict(rows) == _brute_force(events)


def test_a_browser_of_a_thousand_people_belongs_to_each_from_login_to_login() -> None:
    """D5: a thousand logins are a thousand intervals that follow one another without gap."""
    with _owned([]) as connection:
        connection.execute(
            "insert into int_traffic__events select 'kiosk', 'e' || n, timestamp '2026-03-01' + to_minutes(n), null,"
            " 'u' || n from range(1000) as t (n)"
        )
        connection.execute(
            "insert into int_identity__person_ids select 'user_id', 'u' || n, 'p' || n from range(1000) as t (n)"
        )
        found = connection.sql(
            "select count(*), count(distinct person_id), count(*) filter (where owned_to <> owned_from + to_minutes(1))"
            f" from ({_model()})"
        ).fetchall()
    assert found == [(1000, 1000, 0)]
