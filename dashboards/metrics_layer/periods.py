"""Days and the periods they fall into."""

from __future__ import annotations

import datetime as dt

GRAINS = ("day", "week", "month", "quarter", "year")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def start_of(day: dt.date, grain: str, week_start: str) -> dt.date:
    """The first day of the period that holds the day."""
    if grain == "week":
        return day - dt.timedelta(days=(day.weekday() - WEEKDAYS.index(week_start)) % 7)
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return day.replace(month=1, day=1) if grain == "year" else day


def next_start(day: dt.date, grain: str) -> dt.date:
    """The first day of the following period, given the first day of one."""
    if grain in ("day", "week"):
        return day + dt.timedelta(days=7 if grain == "week" else 1)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    ahead = day.month - 1 + months
    return day.replace(year=day.year + ahead // 12, month=ahead % 12 + 1)


def last_days(start: dt.date, end: dt.date, grain: str, week_start: str) -> dict[dt.date, dt.date]:
    """For each period between two days, its first day and its last day that lies in the range."""
    found: dict[dt.date, dt.date] = {}
    period = start_of(start, grain, week_start)
    while period <= end:
        following = next_start(period, grain)
        found[period] = min(end, following - dt.timedelta(days=1))
        period = following
    return found
