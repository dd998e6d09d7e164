"""What a reader looks at: period, comparison and slice, as the address of the page says it (U2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

TARGET = "target"
COMPARISONS = ("previous", "year", TARGET, "none")
MODELS = ("last", "first", "last_non_direct", "linear", "position", "decay", "markov", "shapley")
_DAY_GRAIN_UP_TO = 31
_WEEK_GRAIN_UP_TO = 7 * 40


@dataclass(frozen=True, slots=True)
class Span:
    """A range of days, both ends included."""

    start: dt.date
    end: dt.date

    @property
    def days(self) -> int:
        """Number of days in the range."""
        return (self.end - self.start).days + 1

    def back(self, days: int) -> Span:
        """Return the range that many days earlier."""
        step = dt.timedelta(days=days)
        return Span(self.start - step, self.end - step)

    def until(self, last: dt.date) -> Span | None:
        """Return the part of the range up to a day, or nothing if the range begins later."""
        return Span(self.start, min(self.end, last)) if last >= self.start else None


@dataclass(frozen=True, slots=True)
class View:
    """One reader's period, comparison and slice."""

    span: Span
    compare: str = "previous"
    slices: Mapping[str, str] = field(default_factory=dict)
    model: str = "last"

    @property
    def shift(self) -> int | None:
        """Days between the period and the one it is compared with, if one; whole weeks wherever a year is meant."""
        return {"previous": self.span.days, "year": 364}.get(self.compare)

    @property
    def before(self) -> Span | None:
        """The period of comparison."""
        return None if self.shift is None else self.span.back(self.shift)

    @property
    def grain(self) -> str:
        """The grain at which the period makes a readable line."""
        if self.span.days <= _DAY_GRAIN_UP_TO:
            return "day"
        return "week" if self.span.days <= _WEEK_GRAIN_UP_TO else "month"

    def over(self, span: Span) -> View:
        """Return the same view of another period."""
        return replace(self, span=span)


def read_day(text: str | None) -> dt.date | None:
    """Return the day that an ISO text names, or nothing when it names none."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def read_span(params: Mapping[str, str], default: Span) -> Span:
    """Return the period that an address asks for; what cannot be read falls back to the default."""
    start, end = read_day(params.get("from")) or default.start, read_day(params.get("to")) or default.end
    return Span(start, end) if start <= end else default


def quoted(value: str) -> str:
    """Return a text as a literal of the filter language."""
    return "'" + value.replace("'", "''") + "'"
