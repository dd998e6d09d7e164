"""Renders the retention question over a small table of events, in plain DuckDB."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import jinja2
from retention_oracle import Asked, Cell, Counts, Event

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"
FILES = ("time.sql", "questions/maturity.sql", "questions/retention_members.sql", "questions/retention.sql")


@cache
def macros() -> Any:
    """Return the macros as a module of plain Jinja: nothing of dbt is there."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    return environment.from_string("".join((MACROS / file).read_text(encoding="utf-8") for file in FILES)).module


def parameters(asked: Asked) -> dict[str, Any]:
    """Return what is asked as the macros take it."""
    return {
        "start": asked.start,
        "same": asked.start_activity == asked.return_activity,
        "grain": asked.grain,
        "week_offset": asked.week_offset,
        "clock": asked.clock,
        "kind": asked.kind,
        "brackets": asked.brackets,
        "horizon": asked.horizon,
        "denominator": asked.denominator,
        "cohorts_from": _date(asked.cohorts_from),
        "cohorts_until": _date(asked.cohorts_until),
        "as_of": f"timestamp '{asked.as_of:%Y-%m-%d %H:%M:%S}'",
        "as_of_date": _date(asked.as_of_date),
        "arrived_until": _date(asked.arrived_until),
        "settle_days": asked.settle_days,
    }


def _date(day: dt.date | None) -> str | None:
    return None if day is None else f"date '{day}'"


class Asking:
    """A table of events and what is asked of it."""

    def __init__(self, asked: Asked, events: Sequence[Event]) -> None:
        self.asked = asked
        self.con = duckdb.connect()
        self.con.execute("create table events (person_id varchar, activity varchar, active_at timestamp)")
        if events:
            rows = [(person, activity, at.replace(tzinfo=None)) for person, activity, at in events]
            self.con.executemany("insert into events values (?, ?, ?)", rows)

    def _relation(self, activity: str) -> str:
        day = macros().default__local_date("active_at", self.asked.zone)
        return f"(select *, {day} as active_date from events where activity = '{activity}')"

    @property
    def relations(self) -> tuple[str, str]:
        """The relations of starts and of returns."""
        return self._relation(self.asked.start_activity), self._relation(self.asked.return_activity)

    def cells(self) -> dict[Cell, tuple[int, int, int, str]]:
        """Return cohort, base and retained persons and the maturity of each cell."""
        rows = self.con.execute(str(macros().retention_cells(*self.relations, parameters(self.asked)))).fetchall()
        return {row[:3]: (row[3], row[5], row[6], row[7]) for row in rows}

    def means(self) -> dict[tuple[int, int], tuple[int, float, float]]:
        """Return cohorts, weighted and simple mean of each cell."""
        cells = f"({macros().retention_cells(*self.relations, parameters(self.asked))})"
        rows = self.con.execute(str(macros().retention_means(cells))).fetchall()
        return {row[:2]: (row[2], row[5], row[6]) for row in rows}

    def persons(self, cell: Cell, back: bool) -> list[str]:
        """Return the persons behind a cell."""
        sql = macros().retention_persons(
            *self.relations, parameters(self.asked), _date(cell[0]), cell[1], cell[2], back
        )
        return sorted(row[0] for row in self.con.execute(str(sql)).fetchall())


def shown(counts: Counts) -> tuple[int, int, int, str]:
    """Return a cell of the oracle as `Asking.cells` tells it."""
    return len(counts.cohort), counts.base, len(counts.back), counts.maturity
