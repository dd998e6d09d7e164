"""The numbers of a weekly business review: six weeks and twelve months of each headline metric, and to date (W6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dashboards.actions.effect import WeekValue, settled_weeks
from dashboards.components.periods import MATURE, MATURING, last_day_of
from dashboards.due import due
from dashboards.limits import Limits, natural_limits
from dashboards.packs.desk import Desk
from dashboards.series import Series

# Input metrics come before output metrics, and the order is the same each week; a company gets those that it has.
REVIEWED = (
    "search_impressions", "sessions", "ad_spend", "conversion_rate", "leads", "new_customers", "orders",
    "revenue_net", "average_order_value", "repeat_rate", "customer_acquisition_cost", "net_promoter_score",
    "satisfaction_mean",
)  # fmt: skip
MOST = 12
WEEKS, MONTHS, YEAR = 6, 12, 52
# Limits rest on the last half year of settled weeks before this one, and on no fewer than eight.
LIMIT_WEEKS, FEWEST = 26, 8
# A week that is not over, or lacks days to come, says nothing yet (X5).
KNOWN = (MATURE, MATURING)
TO_DATE = ("month", "quarter", "year")
Span = tuple[dt.date, dt.date]


@dataclass(frozen=True, slots=True)
class Point:
    """A week or month beside the same one of last year, and its target."""

    start: dt.date
    end: dt.date
    value: float | None
    base: float | None
    last_year: float | None
    target: float | None
    maturity: str


@dataclass(frozen=True, slots=True)
class ToDate:
    """A month, quarter or year up to the week's last day, beside the same days of last year."""

    kind: str
    start: dt.date
    end: dt.date
    value: float | None
    last_year: float | None
    target: float | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One metric as the review shows it; limits are nothing where fewer than eight settled weeks tell."""

    metric: str
    weeks: tuple[Point, ...]
    months: tuple[Point, ...]
    to_date: tuple[ToDate, ...]
    limits: Limits | None
    limit_weeks: int
    minimum: int

    @property
    def now(self) -> Point:
        """The week of the review."""
        return self.weeks[-1]

    @property
    def before(self) -> Point:
        """The week before."""
        return self.weeks[-2]

    @property
    def is_signal(self) -> bool:
        """Whether the week lies beyond the limits; never on too few cases (X9) or before its days are there (X5)."""
        return self.is_beyond(self.now)

    def is_beyond(self, point: Point) -> bool:
        """Whether a week lies beyond the limits and rests on enough to say so."""
        few = point.base is not None and point.base < self.minimum
        if self.limits is None or point.value is None or few or point.maturity not in KNOWN:
            return False
        return self.limits.is_signal(point.value)


def limits_of(weeks: Sequence[WeekValue], minimum: int) -> tuple[Limits | None, int]:
    """The natural limits of the last settled weeks that rest on enough cases, and how many they are."""
    telling = settled_weeks(weeks, minimum)[-LIMIT_WEEKS:]
    values = [value for week in telling if (value := week.value) is not None]
    return (natural_limits(values) if len(values) >= FEWEST else None), len(values)


def year_before(day: dt.date) -> dt.date:
    """The same date of the year before; 28 February for a leap day."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def months_to(day: dt.date, count: int) -> list[dt.date]:
    """The first days of the last so many months that were over on a day's evening, the earliest first."""
    is_last = (day + dt.timedelta(days=1)).day == 1
    place = day.year * 12 + day.month - 1 - (0 if is_last else 1)
    return [dt.date(at // 12, at % 12 + 1, 1) for at in range(place - count + 1, place + 1)]


def to_date_spans(day: dt.date, fiscal_start: int) -> dict[str, Span]:
    """Month, fiscal quarter and fiscal year from their first day to a day (X3)."""
    since = (day.month - fiscal_start) % 12
    starts = {"month": 0, "quarter": since % 3, "year": since}
    place = day.year * 12 + day.month - 1
    return {kind: (dt.date((place - n) // 12, (place - n) % 12 + 1, 1), day) for kind, n in starts.items()}


class Business:
    """Asks for all of it at once: weeks and months of two years, and three spans to date."""

    def __init__(self, desk: Desk, metrics: Sequence[str]) -> None:
        self._desk = desk
        self.metrics = [name for name in REVIEWED if name in set(metrics)][:MOST]
        self._series = Series(desk.metrics, desk.facts)
        self._asked: dict[Span, Mapping[str, float | None]] = {}

    def reviewed(self) -> list[Reviewed]:
        """Each metric in its place."""
        return [self._one(name) for name in self.metrics]

    @cached_property
    def _weeks(self) -> dict[str, list[WeekValue]]:
        count = YEAR + WEEKS
        starts = [self._desk.week.start - dt.timedelta(weeks=number) for number in range(count - 1, -1, -1)]
        return self._series.values(self.metrics, "week", starts)

    @cached_property
    def _months(self) -> dict[str, list[WeekValue]]:
        return self._series.values(self.metrics, "month", months_to(self._desk.week.end, 2 * MONTHS))

    @cached_property
    def _spans(self) -> dict[str, tuple[Span, Mapping[str, float | None], Mapping[str, float | None]]]:
        spans = to_date_spans(self._desk.week.end, self._desk.workspace.settings.fiscal_year_start)
        ask = self._desk.days_of_metrics
        return {
            kind: (span, ask(self.metrics, *span), ask(self.metrics, year_before(span[0]), year_before(span[1])))
            for kind, span in spans.items()
        }

    def _one(self, name: str) -> Reviewed:
        weeks, months, minimum = self._weeks[name], self._months[name], self._desk.minimum
        limits, count = limits_of(weeks[:-1], minimum)
        return Reviewed(
            metric=name,
            weeks=tuple(self._point(name, "week", *pair) for pair in zip(weeks[-WEEKS:], weeks[:WEEKS], strict=True)),
            months=tuple(
                self._point(name, "month", *pair) for pair in zip(months[MONTHS:], months[:MONTHS], strict=True)
            ),
            to_date=tuple(self._to_date(name, kind) for kind in TO_DATE),
            limits=limits,
            limit_weeks=count,
            minimum=minimum,
        )

    def _point(self, name: str, grain: str, now: WeekValue, year: WeekValue) -> Point:
        end = last_day_of(now.start, grain)
        return Point(now.start, end, now.value, now.base, year.value, self._target(name, now.start, end), now.maturity)

    def _to_date(self, name: str, kind: str) -> ToDate:
        (start, end), values, before = self._spans[kind]
        # A span that begins before the data would be compared with a part of itself.
        is_whole = year_before(start) >= self._series.begins(name)
        last_year = before.get(name) if is_whole else None
        return ToDate(kind, start, end, values.get(name), last_year, self._target(name, start, end))

    def _target(self, name: str, start: dt.date, end: dt.date) -> float | None:
        """What targets ask of a metric over some days; asked once of all metrics."""
        if (start, end) not in self._asked:
            self._asked[start, end] = due(self._desk.metrics, self.metrics, start, end)
        return self._asked[start, end][name]
