"""Questions over a published snapshot: what can be asked, what is refused, and that names stay names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import duckdb
import polars as pl
import pytest

from dashboards.questions.retention import Activity, Question, Retention, read_brackets
from opsloop.errors import UsageError

NAMES = ("view_item", "it's a 'trap'; drop table marts.fct_events; --")


class Published:
    """As much of the metrics client as a question needs, over a few events."""

    def __init__(self) -> None:
        self.snapshot = SimpleNamespace(
            as_of=dt.datetime(2026, 4, 1, 16, tzinfo=dt.UTC), as_of_date=dt.date(2026, 4, 1)
        )
        self.connection = duckdb.connect()
        self.connection.execute("create schema marts")
        self.connection.execute("create table marts.fct_arrivals (topic varchar, arrived_until date)")
        self.connection.execute(
            "create table marts.fct_events (person_id varchar, event_at timestamp, event_date date, event_name varchar)"
        )
        days = [dt.date(2026, 3, 2), dt.date(2026, 3, 10)]
        self.connection.executemany(
            "insert into marts.fct_events values (?, ?, ?, ?)",
            [("p", dt.datetime.combine(day, dt.time(8)), day, name) for day in days for name in NAMES]
            + [("q", dt.datetime(2026, 3, 2, 9), days[0], name) for name in NAMES],
        )

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
        """Return the rows of a statement."""
        return self.connection.execute(sql, list(parameters)).pl()


@pytest.fixture
def answers() -> Retention:
    """A retention client over a few events."""
    metrics: Any = Published()
    return Retention(metrics, "sunday")


@pytest.mark.parametrize("name", NAMES)
def test_an_events_name_is_a_name_whatever_is_in_it(name: str, answers: Retention) -> None:
    """R1, S10: quotes in a name are part of it; the persons behind each cell are as many as it counts."""
    activity = Activity.read(f"event:{name}")
    question = Question(activity, activity)
    cells = answers.cells(question)
    assert cells["cohort_start"].unique().to_list() == [dt.date(2026, 3, 1)]
    assert cells["retained_persons"].to_list() == [2, 1, 0, 0, 0]
    for row in cells.iter_rows(named=True):
        back = answers.persons(question, row["cohort_start"], row["period_index"], row["period_until"])
        gone = answers.persons(question, row["cohort_start"], row["period_index"], row["period_until"], back=False)
        assert (back.height, gone.height) == (row["retained_persons"], 2 - row["retained_persons"])
    assert answers.means(question)["weighted_rate"].to_list()[:2] == [1.0, 0.5]


@pytest.mark.parametrize("wrong", ["visit", "event:", "session:x", "order; drop table x", ""])
def test_what_is_no_activity_is_refused(wrong: str) -> None:
    """R1: sessions, orders and events by name, nothing else."""
    with pytest.raises(UsageError, match="activity"):
        Activity.read(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"grain": "hour"},
        {"clock": "local"},
        {"kind": "on or after"},
        {"start": "1; drop table x"},
        {"denominator": "all"},
        {"kind": "brackets"},
        {"kind": "brackets", "brackets": ((7, 1),)},
        {"horizon": -1},
        {"horizon": 100_000},
    ],
)
def test_a_choice_that_does_not_exist_is_refused(wrong: dict[str, Any]) -> None:
    """R1 to R4: wrong use is one line, before any SQL is made."""
    session = Activity.read("session")
    with pytest.raises(UsageError, match="retention"):
        Question(session, session, **wrong)


def test_brackets_are_read_as_people_write_them() -> None:
    """R2: ranges and single periods, with either language's commas."""
    assert read_brackets("0, 1-7，8 – 14、30") == ((0, 0), (1, 7), (8, 14), (30, 30))
    for wrong in ("", "1-", "a-b", "1-7 and 9", "1--7"):
        with pytest.raises(UsageError, match="brackets"):
            read_brackets(wrong)
