"""What questions about events share: the published events, whose they are, and up to when they are known."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from opsloop.errors import UsageError

if TYPE_CHECKING:
    from dashboards.questions.rendering import Reader

EVENTS = "marts.fct_events"
UNITS = {"persons": "person_id", "sessions": "session_id", "events": "person_id"}
_ARRIVED = "select min(arrived_until) as day from marts.fct_arrivals where topic = 'web'"


def begin_of(day: dt.date, zone: ZoneInfo) -> str:
    """Return the instant in UTC at which a day begins in a zone, as SQL."""
    return instant(dt.datetime.combine(day, dt.time(), tzinfo=zone))


def instant(moment: dt.datetime) -> str:
    """Return an instant as SQL, in UTC; one without a zone is in UTC already."""
    utc = moment.astimezone(dt.UTC) if moment.tzinfo else moment
    return f"timestamp '{utc:%Y-%m-%d %H:%M:%S.%f}'"


def known_until(metrics: Reader, zone: ZoneInfo) -> str:
    """Return the instant up to which the events are known, as SQL: `as_of`, or less where a source is late (X5)."""
    known = instant(metrics.snapshot.as_of)
    if metrics.rows("select 1 from information_schema.tables where table_name = 'fct_arrivals'").height:
        day = metrics.rows(_ARRIVED)["day"][0]
        if day is not None:
            return f"least({known}, {begin_of(day + dt.timedelta(days=1), zone)})"
    return known


def check_range(start: dt.date, end: dt.date) -> None:
    """Raise a `UsageError` for a range that ends before it begins."""
    if end < start:
        raise UsageError(f"the range ends on {end}, before it begins on {start}: swap the days")
