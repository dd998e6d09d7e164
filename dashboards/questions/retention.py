"""Retention for any question an analyst asks of a snapshot (R1 to R4), with the persons behind each cell (S10)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.questions.rendering import Reader, narrowed, render
from opsloop.errors import UsageError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHOICES = {
    "start": ("first", "recurring"),
    "grain": ("day", "week", "month"),
    "clock": ("calendar", "rolling"),
    "kind": ("on", "after", "brackets"),
    "denominator": ("cohort", "previous"),
}
LONGEST = 400
SETTLE_DAYS = 3
_SOURCES = {
    "session": "select person_id, session_started_at as active_at, session_date as active_date from marts.fct_sessions",
    "order": "select person_id, ordered_at as active_at, order_date as active_date from marts.fct_orders",
    "event": "select person_id, event_at as active_at, event_date as active_date from marts.fct_events",
}
_ARRIVED = "select min(arrived_until) as day from marts.fct_arrivals where topic in (select unnest(?))"


@dataclass(frozen=True, slots=True)
class Activity:
    """What starts or returns: a session, an order, or an event of one name."""

    kind: str
    event_name: str | None = None

    @classmethod
    def read(cls, text: str) -> Activity:
        """Return the activity that `session`, `order` or `event:NAME` names; anything else is a `UsageError`."""
        kind, _, name = text.partition(":")
        if kind not in _SOURCES or (kind == "event") != bool(name):
            raise UsageError(f"retention: {text!r} is no activity; say session, order or event:NAME")
        return cls(kind, name or None)

    @property
    def text(self) -> str:
        """The text that `read` reads."""
        return self.kind if self.event_name is None else f"{self.kind}:{self.event_name}"

    @property
    def topic(self) -> str:
        """The topic whose arrival decides whether a cell can still change."""
        return "orders" if self.kind == "order" else "web"

    @property
    def relation(self) -> str:
        """The relation of person, instant and reporting day."""
        name = (
            "" if self.event_name is None else f" where event_name = '{self.event_name.replace(chr(39), chr(39) * 2)}'"
        )
        return f"({_SOURCES[self.kind]}{name})"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of retention, of all persons or of those of a relation; an unknown choice is a `UsageError`."""

    starts: Activity
    returns: Activity
    start: str = "first"
    grain: str = "week"
    clock: str = "calendar"
    kind: str = "on"
    brackets: tuple[tuple[int, int], ...] = ()
    horizon: int | None = 12
    denominator: str = "cohort"
    cohorts_from: dt.date | None = None
    cohorts_until: dt.date | None = None
    among: str | None = None

    def __post_init__(self) -> None:
        for name, offered in CHOICES.items():
            if getattr(self, name) not in offered:
                raise UsageError(f"retention: {name} {getattr(self, name)!r} is none of {', '.join(offered)}")
        if self.kind == "brackets" and not self.brackets:
            raise UsageError("retention: brackets need at least one range of periods, such as 1-7")
        if any(not 0 <= low <= high <= LONGEST for low, high in self.brackets):
            raise UsageError(f"retention: a bracket runs from a period to a later one, both within 0 and {LONGEST}")
        if self.horizon is not None and not 0 <= self.horizon <= LONGEST:
            raise UsageError(f"retention: the last period lies within 0 and {LONGEST}, not at {self.horizon}")


def read_brackets(text: str) -> tuple[tuple[int, int], ...]:
    """Return the ranges that a text such as `1-7, 8-14, 30` names; a `UsageError` where it names none."""
    parts = [part.strip() for part in re.split(r"[,，、;]", text) if part.strip()]
    found = [re.fullmatch(r"(\d{1,3})(?:\s*[-–~]\s*(\d{1,3}))?", part) for part in parts]
    if not found or not all(found):
        raise UsageError(f"retention: {text!r} is no list of brackets; write ranges of periods such as 1-7, 8-14")
    return tuple((int(match[1]), int(match[2] or match[1])) for match in found if match)


class Retention:
    """Answers questions about one snapshot, in a company's weeks."""

    def __init__(self, metrics: Reader, week_start: str = "monday") -> None:
        self._metrics = metrics
        self._week_offset = WEEKDAYS.index(week_start)

    def cells(self, question: Question) -> pl.DataFrame:
        """Return one row per cohort and cell that has begun, ordered.

        Columns: cohort_start, period_index and period_until (first and last period of the cell), cohort_persons,
        previous_persons, base_persons (what the rate is of), retained_persons, maturity.
        """
        return self._rows("{{ retention_cells(starts, returns, q) }} order by all", question)

    def means(self, question: Question) -> pl.DataFrame:
        """Return per cell the mean over cohorts in which it is mature: cohorts, persons, weighted_rate, simple_rate."""
        cells = "{% set cells %}({{ retention_cells(starts, returns, q) }}){% endset %}"
        return self._rows(cells + "{{ retention_means(cells) }} order by all", question)

    def persons(
        self, question: Question, cohort_start: dt.date, period_index: int, period_until: int, *, back: bool = True
    ) -> pl.DataFrame:
        """Return `person_id` of those of a cohort who were back in a cell, or who were not, ordered."""
        sql = self.persons_sql(question, cohort_start, period_index, period_until, back=back)
        return self._metrics.rows(f"{sql} order by all")

    def persons_sql(
        self, question: Question, cohort_start: dt.date, period_index: int, period_until: int, *, back: bool = True
    ) -> str:
        """Return the statement whose rows are the persons of a cell, in no order."""
        call = "{{ retention_persons(starts, returns, q, cohort, first, last, back) }}"
        return self._sql(
            call, question, cohort=f"date '{cohort_start}'", first=int(period_index), last=int(period_until), back=back
        )

    def _rows(self, call: str, question: Question, **values: Any) -> pl.DataFrame:
        return self._metrics.rows(self._sql(call, question, **values))

    def _sql(self, call: str, question: Question, **values: Any) -> str:
        starts, returns = (narrowed(one.relation, question.among) for one in (question.starts, question.returns))
        parameters = self._parameters(question)
        return render(call, question.among, starts=starts, returns=returns, q=parameters, **values)

    def _parameters(self, question: Question) -> dict[str, Any]:
        snapshot = self._metrics.snapshot
        known = snapshot.as_of.astimezone(dt.UTC) if snapshot.as_of.tzinfo else snapshot.as_of
        return {
            **{name: getattr(question, name) for name in (*CHOICES, "brackets", "horizon")},
            "same": question.starts == question.returns,
            "week_offset": self._week_offset,
            "cohorts_from": _date(question.cohorts_from),
            "cohorts_until": _date(question.cohorts_until),
            "as_of": f"timestamp '{known:%Y-%m-%d %H:%M:%S.%f}'",
            "as_of_date": _date(snapshot.as_of_date),
            "arrived_until": _date(self._arrived_until([question.starts.topic, question.returns.topic])),
            "settle_days": SETTLE_DAYS,
        }

    def _arrived_until(self, topics: Sequence[str]) -> dt.date:
        day = self._metrics.rows(_ARRIVED, [list(topics)])["day"][0]
        return self._metrics.snapshot.as_of_date if day is None else day


def _date(day: dt.date | None) -> str | None:
    return None if day is None else f"date '{day}'"
