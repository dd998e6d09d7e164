"""Weeks of the company, named by the ISO week whose Thursday they hold."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from opsloop.errors import UsageError
from opsloop.workspace import Workspace

THURSDAY = 3


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days of the company's week."""

    label: str
    start: dt.date

    @property
    def end(self) -> dt.date:
        """The last day."""
        return self.start + dt.timedelta(days=6)

    def earlier(self, weeks: int, workspace: Workspace) -> Week:
        """The week that lies so many weeks before."""
        return week_of(self.start - dt.timedelta(weeks=weeks), workspace)

    def is_over(self, workspace: Workspace, as_of: dt.datetime) -> bool:
        """Whether the last day had ended in the company's zone."""
        midnight = dt.datetime.combine(self.end + dt.timedelta(days=1), dt.time(), tzinfo=workspace.zone)
        return midnight <= as_of


def week_of(day: dt.date, workspace: Workspace) -> Week:
    """The company's week that holds the day."""
    start = workspace.week_of(day)
    thursday = start + dt.timedelta(days=(THURSDAY - start.weekday()) % 7)
    year, number, _ = thursday.isocalendar()
    return Week(f"{year}-W{number:02d}", start)


def named_week(label: str, workspace: Workspace, option: str = "--week") -> Week:
    """The company's week of that ISO label; a label that names no week is a `UsageError` about the option."""
    match = re.fullmatch(r"(\d{4})-W(\d{2})", label, re.ASCII)
    try:
        thursday = dt.date.fromisocalendar(int(match[1]), int(match[2]), THURSDAY + 1) if match else None
    except ValueError:
        thursday = None
    if thursday is None:
        raise UsageError(f"{option} {label}: expected an ISO week such as 2026-W10")
    return week_of(thursday, workspace)


def last_week(workspace: Workspace, as_of: dt.datetime) -> Week:
    """The last whole week of the workspace's default range that was over at that instant."""
    last_day = (as_of - dt.timedelta(microseconds=1)).astimezone(workspace.zone).date()
    end = min(last_day, workspace.default_range()[1])
    week = week_of(end, workspace)
    return week if week.end <= end and week.is_over(workspace, as_of) else week.earlier(1, workspace)
