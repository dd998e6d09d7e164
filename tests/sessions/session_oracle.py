"""Sessions by a walk through each visitor's events, written apart from the models' SQL."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

Event = Mapping[str, Any]
MICROSECOND = dt.timedelta(microseconds=1)


def sessions(
    events: Iterable[Event], timeout_minutes: int = 30, max_hours: int = 24, split: bool = False, zone: str = "UTC"
) -> list[dict[str, Any]]:
    """Return the sessions of all visitors, in order of visitor and start."""
    by_visitor: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_visitor[event["visitor_id"]].append(event)
    timeout, limit = dt.timedelta(minutes=timeout_minutes), dt.timedelta(hours=max_hours)
    return [
        _summary(visitor, clock, members, zone)
        for visitor in sorted(by_visitor)
        for clock, members in _walk(by_visitor[visitor], timeout, limit, split).items()
    ]


def _walk(
    events: list[Event], timeout: dt.timedelta, limit: dt.timedelta, split: bool
) -> dict[dt.datetime, list[Event]]:
    """Each session's events by the start of its clock."""
    found: dict[dt.datetime, list[Event]] = defaultdict(list)
    before: dt.datetime | None = None
    clock = dt.datetime.min
    campaign: tuple[str, str, str] | None = None
    for now, group in groupby(sorted(events, key=lambda event: event["event_at"]), key=lambda event: event["event_at"]):
        together = list(group)
        if before is None or now - before > timeout:
            clock, campaign = now, None
        for named in sorted(_campaign(event) for event in together if _is_tagged(event)):
            if split and campaign is not None and named != campaign:
                clock = now
            campaign = named
        periods = max(now - clock - MICROSECOND, dt.timedelta()) // limit
        found[clock + periods * limit] += together
        before = now
    return found


def _is_tagged(event: Event) -> bool:
    return any(event.get(name) is not None for name in ("source", "medium", "campaign"))


def _campaign(event: Event) -> tuple[str, str, str]:
    source, medium, campaign = (event.get(name) or "" for name in ("source", "medium", "campaign"))
    return source, medium, campaign


def _origin(event: Event) -> tuple[str, str, str | None] | None:
    """Where an event says its visitor came from."""
    if _is_tagged(event):
        return event.get("source") or "(not set)", event.get("medium") or "(not set)", event.get("campaign")
    host = event.get("referrer_host")
    return (host, "referral", None) if host is not None and host != event.get("page_host") else None


def _summary(visitor: str, clock: dt.datetime, events: list[Event], zone: str) -> dict[str, Any]:
    ordered = sorted(events, key=lambda event: (event["event_at"], event["event_id"]))
    first = ordered[0]["event_at"]
    pages = [event["page_path"] for event in ordered if event.get("page_path") is not None]
    origins = [origin for origin in map(_origin, ordered) if origin is not None]
    source, medium, campaign = origins[0] if origins else ("(direct)", "(none)", None)
    names = [event["event_name"] for event in ordered]
    return {
        "visitor_id": visitor,
        "session_clock_at": clock,
        "session_started_at": first,
        "session_ended_at": ordered[-1]["event_at"],
        "session_date": first.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).date(),
        "landing_page": pages[0] if pages else None,
        "source": source,
        "medium": medium,
        "campaign": campaign or "(not set)",
        "pageviews": names.count("page_view"),
        "events": len(names),
        "conversions": names.count("purchase") + names.count("generate_lead"),
    }
