"""Retention by brute force: loops over persons, cohorts and periods, written apart from the SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

Event = tuple[str, str, dt.datetime]
Cell = tuple[dt.date, int, int]
DAYS = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class Asked:
    """What is asked, in words of the spec."""

    start: str = "first"
    start_activity: str = "a"
    return_activity: str = "a"
    grain: str = "week"
    clock: str = "calendar"
    kind: str = "on"
    brackets: tuple[tuple[int, int], ...] = ()
    horizon: int | None = None
    week_offset: int = 0
    zone: str = "UTC"
    denominator: str = "cohort"
    cohorts_from: dt.date | None = None
    cohorts_until: dt.date | None = None
    as_of_date: dt.date = dt.date(2026, 4, 30)
    arrived_until: dt.date = dt.date(2026, 4, 30)
    settle_days: int = 3

    @property
    def as_of(self) -> dt.datetime:
        """The instant at which the last day ends."""
        midnight = dt.datetime.combine(self.as_of_date + dt.timedelta(1), dt.time(), ZoneInfo(self.zone))
        return midnight.astimezone(dt.UTC)


@dataclass(frozen=True)
class Counts:
    """What a cell shows."""

    cohort: frozenset[str]
    base: int
    back: frozenset[str]
    maturity: str


def first_day(day: dt.date, grain: str, week_offset: int) -> dt.date:
    """Return the first day of the period that holds a day."""
    if grain == "month":
        return day.replace(day=1)
    return day - dt.timedelta((day.weekday() - week_offset) % 7) if grain == "week" else day


def later(day: dt.date, periods: int, grain: str) -> dt.date:
    """Return the first day of the period that many periods on."""
    if grain == "month":
        months = day.year * 12 + day.month - 1 + periods
        return dt.date(months // 12, months % 12 + 1, 1)
    return day + dt.timedelta(DAYS[grain] * periods)


def cells(asked: Asked, events: Sequence[Event]) -> dict[Cell, Counts]:
    """Return every cell that has begun."""
    found: dict[Cell, Counts] = {}
    for cohort, starts in _cohorts(asked, events).items():
        previous = len(starts)
        for low, high in _cells_of(asked, cohort, starts):
            back = frozenset(p for p, at in starts.items() if _is_back(asked, events, p, at, cohort, low, high))
            base = previous if asked.denominator == "previous" else len(starts)
            found[cohort, low, high] = Counts(frozenset(starts), base, back, _maturity(asked, cohort, starts, high))
            previous = len(back)
    return found


def means(found: dict[Cell, Counts]) -> dict[tuple[int, int], tuple[int, float, float]]:
    """Return cohorts, weighted mean and simple mean of each cell over cohorts in which it is mature."""
    due: dict[tuple[int, int], list[Counts]] = {}
    for (_, low, high), counts in found.items():
        if counts.maturity == "mature" and counts.base:
            due.setdefault((low, high), []).append(counts)
    return {
        cell: (
            len(group),
            sum(len(c.back) for c in group) / sum(c.base for c in group),
            sum(len(c.back) / c.base for c in group) / len(group),
        )
        for cell, group in due.items()
    }


def _cohorts(asked: Asked, events: Sequence[Event]) -> dict[dt.date, dict[str, dt.datetime]]:
    cohorts: dict[dt.date, dict[str, dt.datetime]] = {}
    seen = set()
    for person, activity, at in sorted(events, key=lambda event: event[2]):
        if activity != asked.start_activity or (asked.start == "first" and person in seen):
            continue
        seen.add(person)
        cohort = first_day(at.astimezone(ZoneInfo(asked.zone)).date(), asked.grain, asked.week_offset)
        cohorts.setdefault(cohort, {}).setdefault(person, at)
    return {cohort: persons for cohort, persons in cohorts.items() if _is_asked_for(asked, cohort)}


def _is_asked_for(asked: Asked, cohort: dt.date) -> bool:
    low, high = asked.cohorts_from, asked.cohorts_until
    return (low is None or cohort >= first_day(low, asked.grain, asked.week_offset)) and (
        high is None or cohort <= high
    )


def _cells_of(asked: Asked, cohort: dt.date, starts: dict[str, dt.datetime]) -> list[tuple[int, int]]:
    begun = 0
    while _begins(asked, cohort, min(starts.values()), begun + 1):
        begun += 1
    if asked.kind == "brackets":
        return sorted((low, high) for low, high in asked.brackets if low <= begun)
    last = begun if asked.horizon is None else min(begun, asked.horizon)
    return [(n, n) for n in range(last + 1)]


def _begins(asked: Asked, cohort: dt.date, start: dt.datetime, index: int) -> bool:
    if asked.clock == "calendar":
        return later(cohort, index, asked.grain) <= asked.as_of_date
    return start + dt.timedelta(DAYS[asked.grain] * index) < asked.as_of


def _is_back(
    asked: Asked, events: Sequence[Event], person: str, start: dt.datetime, cohort: dt.date, low: int, high: int
) -> bool:
    for who, activity, at in events:
        if who != person or activity != asked.return_activity or at < start:
            continue
        if asked.clock == "rolling":
            index = (at - start) // dt.timedelta(DAYS[asked.grain])
        else:
            period = first_day(at.astimezone(ZoneInfo(asked.zone)).date(), asked.grain, asked.week_offset)
            index = next(n for n in range(5000) if later(cohort, n, asked.grain) == period)
        if low <= index and (index <= high or asked.kind == "after"):
            return True
    return False


def _maturity(asked: Asked, cohort: dt.date, starts: dict[str, dt.datetime], high: int) -> str:
    if asked.clock == "calendar":
        return _of_day(asked, later(cohort, high + 1, asked.grain) - dt.timedelta(1))
    arrived = asked.as_of - (asked.as_of_date - asked.arrived_until)
    over = max(starts.values()) + dt.timedelta(DAYS[asked.grain] * (high + 1))
    if over > arrived:
        return "partial" if over > asked.as_of else "late"
    of_cohort = _of_day(asked, later(cohort, 1, asked.grain) - dt.timedelta(1))
    settled = over + dt.timedelta(asked.settle_days) <= arrived
    return of_cohort if settled or of_cohort != "mature" else "maturing"


def _of_day(asked: Asked, end: dt.date) -> str:
    if end >= asked.as_of_date:
        return "partial"
    if end > asked.arrived_until:
        return "late"
    settled = end + dt.timedelta(asked.settle_days)
    return "mature" if settled < asked.as_of_date and settled <= asked.arrived_until else "maturing"
