"""Which mart feeds which metric: where a page looks for presence, freshness and maturity of the data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A field of the business whose data a company may or may not have."""

    name: str
    table: str
    day: str
    streams: tuple[str, ...]
    metrics: tuple[str, ...]


TOPICS = (
    Topic(
        "web",
        "fct_sessions",
        "session_date",
        ("web_events",),
        (
            "sessions",
            "visitors",
            "pageviews",
            "views_per_session",
            "bounce_rate",
            "engaged_session_rate",
            "conversion_rate",
        ),
    ),
    Topic(
        "orders",
        "fct_orders",
        "order_date",
        ("orders", "order_items"),
        (
            "orders",
            "orders_cancelled",
            "customers",
            "new_customers",
            "repeat_customers",
            "repeat_rate",
            "items_sold",
            "revenue_gross",
            "revenue_cancelled",
            "refunds",
            "revenue_net",
            "average_order_value",
            "gross_margin",
            "active_customers",
            "marketing_efficiency_ratio",
            "customer_acquisition_cost",
            "customer_acquisition_cost_paid",
        ),
    ),
    Topic("payments", "fct_payments", "payment_date", ("payments",), ("payments",)),
    Topic(
        "ads",
        "fct_ad_performance_daily",
        "date_day",
        ("ad_performance",),
        (
            "ad_spend",
            "ad_impressions",
            "ad_clicks",
            "ad_click_rate",
            "cost_per_click",
            "ad_conversions_claimed",
            "customer_acquisition_cost",
            "customer_acquisition_cost_paid",
            "return_on_ad_spend",
            "marketing_efficiency_ratio",
        ),
    ),
    Topic("leads", "fct_leads", "first_contact_date", ("crm_leads",), ("leads", "lead_win_rate")),
    Topic("deals", "fct_deals", "won_date", ("crm_deals",), ("deals_won", "deal_value")),
    Topic(
        "attribution",
        "fct_attribution",
        "conversion_date",
        ("web_events", "orders"),
        ("attributed_conversions", "attributed_revenue", "return_on_ad_spend"),
    ),
    Topic("retention", "fct_retention", "cohort_start", ("web_events", "orders"), ("retention_rate",)),
    Topic("funnel", "fct_funnel_daily", "entry_date", ("web_events",), ()),
    Topic(
        "scores",
        "fct_customer_scores",
        "scored_on",
        ("orders",),
        ("customers_at_risk", "lifetime_value_predicted", "lifetime_value_to_acquisition_cost"),
    ),
    Topic("cohorts", "fct_cohort_revenue", "cohort", ("orders",), ("payback_months",)),
    Topic(
        "search",
        "fct_search_performance_daily",
        "date_day",
        ("search_performance",),
        ("search_impressions", "search_clicks", "search_click_rate", "search_position"),
    ),
    Topic("content", "fct_content_daily", "date_day", ("content_items", "web_events"), ()),
    Topic(
        "social", "fct_social_posts_daily", "date_day", ("social_posts",), ("social_reach", "social_engagement_rate")
    ),
    Topic(
        "mentions",
        "fct_mentions",
        "mention_date",
        ("mentions",),
        ("mentions", "negative_mention_rate", "share_of_voice"),
    ),
    Topic(
        "messages",
        "fct_messages",
        "sent_date",
        ("messages",),
        ("messages_sent", "message_click_rate", "unsubscribe_rate"),
    ),
    Topic(
        "surveys",
        "fct_survey_responses",
        "response_date",
        ("surveys",),
        ("satisfaction_mean", "net_promoter_score"),
    ),
    Topic(
        "private",
        "fct_contact_daily",
        "date_day",
        ("contact_daily",),
        ("private_contacts_new", "private_contacts_lost", "first_reply_minutes"),
    ),
)
BY_NAME = {topic.name: topic for topic in TOPICS}

# The metric whose number a rate rests on: shown beside it, and what decides whether it is greyed (X9).
BASES = {
    "bounce_rate": "sessions",
    "engaged_session_rate": "sessions",
    "conversion_rate": "sessions",
    "views_per_session": "sessions",
    "search_click_rate": "search_impressions",
    "search_position": "search_impressions",
    "ad_click_rate": "ad_impressions",
    "cost_per_click": "ad_clicks",
    "lead_win_rate": "leads",
    "repeat_rate": "customers",
    "average_order_value": "orders",
    "customer_acquisition_cost": "new_customers",
    "customer_acquisition_cost_paid": "new_customers",
    "social_engagement_rate": "social_reach",
    "negative_mention_rate": "mentions",
    "share_of_voice": "mentions",
    "message_click_rate": "messages_sent",
    "unsubscribe_rate": "messages_sent",
}


def topics_of(metric: str) -> tuple[Topic, ...]:
    """Return the topics whose marts a metric is computed from."""
    return tuple(topic for topic in TOPICS if metric in topic.metrics)
