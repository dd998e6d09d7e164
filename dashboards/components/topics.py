"""The fields of a business that a company may or may not have data of, and the mart that tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A field of the business: its main mart, that mart's day, and the canonical streams that fill it."""

    name: str
    table: str
    day: str
    streams: tuple[str, ...]


TOPICS = (
    Topic("web", "fct_sessions", "session_date", ("web_events",)),
    Topic("orders", "fct_orders", "order_date", ("orders", "order_items")),
    Topic("payments", "fct_payments", "payment_date", ("payments",)),
    Topic("ads", "fct_ad_performance_daily", "date_day", ("ad_performance",)),
    Topic("leads", "fct_leads", "first_contact_date", ("crm_leads",)),
    Topic("deals", "fct_deals", "won_date", ("crm_deals",)),
    Topic("attribution", "fct_attribution", "conversion_date", ("web_events", "orders")),
    Topic("retention", "fct_retention", "cohort_start", ("web_events", "orders")),
    Topic("lifecycle", "fct_lifecycle", "period_start", ("web_events", "orders")),
    Topic("funnel", "fct_funnel_daily", "entry_date", ("web_events",)),
    Topic("scores", "fct_customer_scores", "scored_on", ("orders",)),
    Topic("cohorts", "fct_cohort_revenue", "cohort_start", ("orders",)),
    Topic("search", "fct_search_performance_daily", "date_day", ("search_performance",)),
    Topic("content", "fct_content_daily", "date_day", ("content_items", "web_events")),
    Topic("social", "fct_social_posts_daily", "date_day", ("social_posts",)),
    Topic("mentions", "fct_mentions", "mention_date", ("mentions",)),
    Topic("messages", "fct_messages", "sent_date", ("messages",)),
    Topic("surveys", "fct_survey_responses", "response_date", ("surveys",)),
    Topic("campaigns", "dim_campaigns", "starts_on", ("campaign_calendar",)),
    Topic("coupons", "fct_coupon_redemptions", "redeemed_date", ("coupon_redemptions",)),
    Topic("private", "fct_contact_daily", "date_day", ("contact_daily",)),
)
BY_NAME = {topic.name: topic for topic in TOPICS}
# Marts made from another topic's mart are there, and settled, when that one is.
_MADE_FROM = {"fct_accrual_daily": "attribution", "fct_cohort_economics": "cohorts"}
BY_TABLE = {topic.table: topic for topic in TOPICS} | {table: BY_NAME[name] for table, name in _MADE_FROM.items()}
