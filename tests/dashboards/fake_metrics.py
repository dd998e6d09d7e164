"""A metrics layer without a warehouse: every number is made from its name, so pages can be drawn in any state."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from dashboards.components.periods import last_day_of
from dashboards.components.topics import TOPICS
from fake_marts import make_marts

TODAY = dt.date(2026, 3, 15)
FIRST = dt.date(2025, 1, 1)
CHANNELS = ("organic_search", "paid_search", "email", "wecom", "direct", "unattributed")
VALUES = {
    "channel": CHANNELS,
    "channel_class": ("earned", "owned", "paid", "private"),
    "platform": ("google_ads", "meta_ads", "ocean_engine"),
    "campaign": tuple(f"campaign {n}" for n in range(1, 8)),
    "origin": ("organic_search", "paid_search", "unknown", None),
    "attribution_model": ("first", "last", "linear"),
    "segment": ("consumer", "business"),
}
DIMENSIONS = ("channel", "channel_class", "campaign")
UNITS = {"revenue_net": "money", "ad_spend": "money", "first_reply_minutes": "minutes", "payback_months": "months"}
DOWN = ("bounce_rate", "customer_acquisition_cost", "negative_mention_rate", "unsubscribe_rate", "refunds")


@dataclass
class FakeDefinition:
    """What the catalogue says of a metric."""

    name: str
    unit: str
    good_direction: str
    layer: str
    dimensions: tuple[str, ...]

    def label(self, lang: str) -> str:
        """Return the metric's name as a title."""
        return self.name.replace("_", " ") if lang == "en" else f"指标{self.name}"

    def description(self, lang: str) -> str:
        """Return a sentence about the metric."""
        return f"What {self.name} means." if lang == "en" else f"{self.name} 的含义。"

    def format(self, value: float | None, lang: str, currency: str) -> str:
        """Return the value with its unit."""
        if value is None:
            return "–"
        if self.unit == "rate":
            return f"{value:.1%}"
        return f"{currency} {value:,.2f}" if self.unit == "money" else f"{value:,.0f}"


@dataclass
class FakeSnapshot:
    """The snapshot that the fake pretends to read."""

    id: str = "20260316T010203Z-fake"
    as_of: dt.datetime = dt.datetime(2026, 3, 15, 16, tzinfo=dt.UTC)
    cut_off: dt.datetime = dt.datetime(2026, 3, 15, 15, tzinfo=dt.UTC)
    created_at: dt.datetime = dt.datetime(2026, 3, 16, 1, 2, 3, tzinfo=dt.UTC)
    path: Path = Path("fake")
    meta: dict[str, Any] = field(default_factory=dict)


def _unit(name: str) -> str:
    if name in UNITS:
        return UNITS[name]
    if name.endswith("_rate") or name == "share_of_voice":
        return "rate"
    return "money" if any(word in name for word in ("revenue", "value", "cost", "margin", "payments")) else "count"


def number(*parts: object) -> float:
    """Return a number between 0.2 and 1 that depends on nothing but its parts."""
    return 0.2 + 0.8 * (zlib.crc32("|".join(map(str, parts)).encode()) % 10_000) / 10_000


class FakeMetrics:
    """The interface of the metrics layer over made-up numbers; `topics` names the data the company has."""

    def __init__(self, topics: Sequence[str] | None = None) -> None:
        self.snapshot = FakeSnapshot()
        self.topics = {topic.name for topic in TOPICS} if topics is None else set(topics)
        self.connection = duckdb.connect()
        filled = {topic.table for topic in TOPICS if topic.name in self.topics}
        make_marts(self.connection, filled | {"fct_reconciliation", "fct_freshness"})

    def catalogue(self) -> dict[str, FakeDefinition]:
        """Return a definition for every metric that a topic names."""
        names = dict.fromkeys(name for topic in TOPICS for name in topic.metrics)
        return {name: self._definition(name) for name in names}

    def _definition(self, name: str) -> FakeDefinition:
        dimensions = DIMENSIONS
        if name.startswith("ad_") or name.startswith("social") or name.startswith("cost_per"):
            dimensions += ("platform",)
        if name.startswith("attributed") or name == "return_on_ad_spend":
            dimensions += ("attribution_model",)
        if name in ("leads", "deals_won", "deal_value", "lead_win_rate"):
            dimensions += ("origin",)
        return FakeDefinition(
            name, _unit(name), "down" if name in DOWN else "up", "value", (*dimensions, "segment", "device", "country")
        )

    def query(
        self,
        metrics: Sequence[str],
        *,
        by: Sequence[str] = (),
        grain: str | None = None,
        start: dt.date | None = None,
        end: dt.date | None = None,
        where: str | None = None,
    ) -> pl.DataFrame:
        """Return made-up rows for every period and every value of the dimensions."""
        keys: list[dict[str, Any]] = [{}]
        if grain:
            keys = [{"period": period} for period in _periods(start or FIRST, end or TODAY, grain)]
        for name in by:
            keys = [key | {name: value} for key in keys for value in VALUES.get(name, ("a", "b"))]
        rows = [key | {name: self._number(name, key, start, end, where) for name in metrics} for key in keys]
        return pl.DataFrame(rows, infer_schema_length=None)

    def _number(self, name: str, key: dict[str, Any], *rest: object) -> float:
        part = number(name, *key.values(), *rest)
        return part * 0.2 if _unit(name) == "rate" else round(part * 100_000)

    def value(self, metric: str, start: dt.date, end: dt.date, where: str | None = None) -> float | None:
        """Return the made-up value over a range."""
        return float(self.query([metric], start=start, end=end, where=where)[metric][0])

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> pl.DataFrame:
        """Return the rows of a statement over the small marts."""
        return self.connection.cursor().execute(sql, list(parameters)).pl()


def _periods(start: dt.date, end: dt.date, grain: str) -> list[dt.date]:
    day = start - dt.timedelta(days=start.weekday()) if grain == "week" else start
    day = day.replace(day=1) if grain == "month" else day
    days = []
    while day <= end:
        days.append(day)
        day = last_day_of(day, grain) + dt.timedelta(days=1)
    return days
