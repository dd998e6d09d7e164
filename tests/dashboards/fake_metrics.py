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
from fake_marts import make_marts

from dashboards.components.periods import last_day_of
from dashboards.components.topics import TOPICS
from dashboards.metrics_layer.makeup import Makeup

TODAY = dt.date(2026, 3, 15)
FIRST = dt.date(2025, 1, 1)
CHANNELS = ("organic_search", "paid_search", "email", "wecom", "direct", "unattributed")
VALUES = {
    "channel": CHANNELS,
    "channel_class": ("earned", "owned", "paid", "private"),
    "platform": ("google_ads", "meta_ads", "ocean_engine"),
    "campaign": tuple(f"campaign {n}" for n in range(1, 8)),
    "origin": ("organic_search", "paid_search", "unknown", None),
    "query": tuple(f"query {n}" for n in range(1, 8)),
    "query_kind": ("brand", "non_brand"),
    "content_item": tuple(f"c{n}" for n in range(5)),
    "landing_page": tuple(f"/a/{n}" for n in range(5)),
    "attribution_model": ("first", "last", "last_non_direct", "linear", "position", "decay", "markov", "shapley"),
    "segment": ("consumer", "business"),
}
DIMENSIONS = ("channel", "channel_class", "campaign")
UNITS = {"revenue_net": "money", "ad_spend": "money", "first_reply_minutes": "minutes", "payback_months": "months"}
LAYERS = ("visibility", "engagement", "value")
BASES = {
    "bounce_rate": "sessions",
    "conversion_rate": "sessions",
    "repeat_rate": "customers",
    "lead_win_rate": "leads",
    "average_order_value": "orders",
    "customer_acquisition_cost": "new_customers",
}
# Dimensions of single marts.
OWN = {
    "fct_search_performance_daily": ("query", "query_kind", "landing_page"),
    "fct_content_daily": ("content_item", "content_topic", "content_format"),
    "fct_social_posts_daily": ("platform", "post_format"),
    "fct_messages": ("message_kind",),
    "fct_contact_daily": ("employee",),
    "fct_sessions": ("landing_page",),
    "fct_orders": ("landing_page",),
    "fct_survey_responses": ("product_category",),
}
SESSIONS, ORDERS, ADS = ("fct_sessions",), ("fct_orders",), ("fct_ad_performance_daily",)
TABLES = (
    dict.fromkeys(("sessions", "visitors", "bounce_rate", "engaged_session_rate", "conversion_rate"), SESSIONS)
    | dict.fromkeys(("orders", "customers", "new_customers", "repeat_customers", "repeat_rate", "revenue_net"), ORDERS)
    | dict.fromkeys(("average_order_value", "gross_margin", "active_customers"), ORDERS)
    | dict.fromkeys(("ad_spend", "ad_impressions", "ad_clicks", "ad_click_rate", "cost_per_click"), ADS)
    | dict.fromkeys(("customer_acquisition_cost", "marketing_efficiency_ratio"), (*ADS, *ORDERS))
    | dict.fromkeys(("ad_conversions_claimed",), ADS)
    | dict.fromkeys(("leads", "lead_win_rate"), ("fct_leads",))
    | dict.fromkeys(("deals_won", "deal_value"), ("fct_deals",))
    | dict.fromkeys(("attributed_conversions", "attributed_revenue"), ("fct_attribution",))
    | {"return_on_ad_spend": ("fct_attribution", *ADS), "retention_rate": ("fct_retention",)}
    | dict.fromkeys(("resurrected_persons", "dormant_persons"), ("fct_lifecycle",))
    | dict.fromkeys(("customers_at_risk", "lifetime_value_predicted"), ("fct_customer_scores",))
    | dict.fromkeys(("search_impressions", "search_clicks", "search_position"), ("fct_search_performance_daily",))
    | dict.fromkeys(("content_views", "content_minutes_per_view", "content_shares"), ("fct_content_daily",))
    | dict.fromkeys(("social_reach", "social_engagements", "social_engagement_rate"), ("fct_social_posts_daily",))
    | dict.fromkeys(("campaign_cost", "campaigns_started"), ("dim_campaigns",))
    | dict.fromkeys(("customer_acquisition_cost_paid", "new_customers_accrual"), ("fct_accrual_daily", *ADS))
    | dict.fromkeys(("mentions", "negative_mention_rate", "share_of_voice"), ("fct_mentions",))
    | dict.fromkeys(("messages_sent", "message_click_rate", "unsubscribe_rate"), ("fct_messages",))
    | dict.fromkeys(("private_contacts_net", "private_chats", "private_reply_rate"), ("fct_contact_daily",))
    | dict.fromkeys(("satisfaction_mean", "net_promoter_score"), ("fct_survey_responses",))
    | dict.fromkeys(("private_contacts_new", "private_contacts_lost", "first_reply_minutes"), ("fct_contact_daily",))
)
DOWN = ("bounce_rate", "customer_acquisition_cost", "negative_mention_rate", "unsubscribe_rate", "refunds")


@dataclass
class FakeDefinition:
    """What the catalogue says of a metric."""

    name: str
    unit: str
    good_direction: str
    layer: str
    kind: str
    formula: str
    tables: tuple[str, ...]
    dimensions: tuple[str, ...]
    owner: str = "analysts"
    version: int = 1
    effective_date: str = "2026-01-01"
    has_history: bool = False

    @property
    def labels(self) -> dict[str, str]:
        """Return the metric's name in both languages."""
        return {lang: self.label(lang) for lang in ("en", "zh")}

    @property
    def descriptions(self) -> dict[str, str]:
        """Return what the metric means in both languages."""
        return {lang: self.description(lang) for lang in ("en", "zh")}

    owner = "sales"

    @property
    def splits(self) -> tuple[str, ...]:
        """Return the dimensions that make segments."""
        return tuple(sorted({*self.dimensions} - {"attribution_model"}))

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
    as_of_date: dt.date = TODAY
    cut_off: dt.datetime = dt.datetime(2026, 3, 15, 15, tzinfo=dt.UTC)
    created_at: dt.datetime = dt.datetime(2026, 3, 16, 1, 2, 3, tzinfo=dt.UTC)
    path: Path = Path("fake")
    meta: dict[str, Any] = field(default_factory=lambda: {"lineage": {"fct_orders": ["ga4/events", "shopify/off"]}})

    def score_refusals(self, lang: str) -> list[str]:
        """Why nobody is scored."""
        return ["流失: 310 位客户，需要 500 位" if lang == "zh" else "Churn: 310 customers, 500 needed"]


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
        if "fct_attribution" in filled:
            filled.add("fct_attribution_confidence")
        filled |= {"fct_targets"} if "orders" in self.topics else set()
        filled |= {"fct_events", "fct_person_stages"} if "web" in self.topics else set()
        filled |= {"fct_cohort_revenue_by_first_order"} if "cohorts" in self.topics else set()
        filled |= {"fct_activity_states_daily", "fct_stage_moves_weekly"} if "lifecycle" in self.topics else set()
        make_marts(self.connection, filled | {"fct_reconciliation", "fct_freshness", "fct_rule_removals"})

    def catalogue(self) -> dict[str, FakeDefinition]:
        """Return a definition for every metric that a topic names."""
        return {name: self._definition(name) for name in TABLES}

    def _definition(self, name: str) -> FakeDefinition:
        dimensions = DIMENSIONS
        if name.startswith("ad_") or name.startswith("social") or name.startswith("cost_per"):
            dimensions += ("platform",)
        if name.startswith("attributed") or name == "return_on_ad_spend":
            dimensions += ("attribution_model",)
        if name in ("leads", "deals_won", "deal_value", "lead_win_rate"):
            dimensions += ("origin",)
        dimensions += tuple(one for table in TABLES[name] for one in OWN.get(table, ()) if one not in dimensions)
        base = BASES.get(name)
        return FakeDefinition(
            name,
            _unit(name),
            "down" if name in DOWN else "up",
            LAYERS[len(name) % 3],
            "ratio" if base else "simple",
            f"part / {base}" if base else f"sum({name})",
            TABLES[name],
            (*dimensions, "segment", "device", "country"),
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

    def exact(self, metrics: Sequence[str], **asked: Any) -> pl.DataFrame:
        """Return the same numbers, which are floats here."""
        return self.query(metrics, **asked)

    def parts(self, ratio: str, **asked: Any) -> pl.DataFrame:
        """Return made-up denominators, and numerators that make the ratio what it is."""
        base = BASES[ratio]
        frame = self.query([ratio, base], **asked)
        return frame.select(pl.exclude(ratio, base), (pl.col(ratio) * pl.col(base)).alias("part"), base)

    def makeup(self, metric: str, dimension: str) -> Makeup:
        """Return that segments overlap, as made-up numbers never add up."""
        return Makeup("ratio", cases="below") if metric in BASES else Makeup("distinct")

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
