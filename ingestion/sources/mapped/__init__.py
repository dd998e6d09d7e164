"""Canonical streams that mapping files fill (I3): what a company has that no source folder knows.

Rows carry the mapping's `source:` as `_source_name`, which is part of every key. Amounts are as given, in the row's own
`currency`; times are UTC. Nothing restates by declaration: a changed row is a new version.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import MONEY, SOURCE_NAME, TIMESTAMP, PiiKind, Policy, Rule, Source, Stream
from opsloop.settings import CURRENCIES

TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "time": TIMESTAMP,
    "day": pl.Date(),
    "whole": pl.Int64(),
    "number": pl.Float64(),
    "money": MONEY,
    "flag": pl.Boolean(),
}
CURRENCY = Rule.accepted("currency", *sorted(CURRENCIES))


def _columns(**names: str) -> dict[str, pl.DataType]:
    """The columns of each kind, given as names with blanks between."""
    return {column: TYPES[kind] for kind, columns in names.items() for column in columns.split()}


def _stream(
    name: str,
    description: str,
    schema: dict[str, pl.DataType],
    *,
    grain: tuple[str, ...],
    optional: tuple[str, ...] = (),
    time_column: str | None = None,
    order_by: str | None = None,
    pii: dict[str, PiiKind] | None = None,
    rules: tuple[Rule, ...] = (),
) -> Stream:
    """A canonical stream: every column but the key may be left out of a mapping."""
    return Stream(
        name=name,
        description=description,
        grain=(SOURCE_NAME, *grain),
        schema=schema,
        optional=optional,
        time_column=time_column,
        order_by=order_by,
        pii=pii or {},
        rules=rules,
        policy=Policy(unknown_column="freeze", missing_column="evolve"),
    )


WEB = (
    _stream(
        "web_events",
        "What visitors did on the site.",
        _columns(
            text="event_id visitor_id user_id event_name page_host page_path page_title referrer_host source medium "
            "campaign content term click_id device country order_id browser user_agent",
            time="event_at",
            number="engaged_seconds",
            flag="is_internal",
        ),
        grain=("event_id",),
        time_column="event_at",
        rules=(Rule.not_null("visitor_id"), Rule.not_null("event_at"), Rule.not_null("event_name")),
    ),
    _stream(
        "search_performance",
        "What a search engine showed and who clicked, per day, query, page, country and device.",
        _columns(day="date_day", text="query page country device", whole="clicks impressions", number="position"),
        grain=("date_day", "query", "page", "country", "device"),
        optional=("query", "page", "country", "device"),
        time_column="date_day",
        rules=(Rule.between("clicks", 0), Rule.between("impressions", 0)),
    ),
    _stream(
        "content_items",
        "What was published on the company's own site.",
        _columns(
            text="content_id url_path title author_name topic format status currency",
            time="published_at updated_at",
            money="cost",
            flag="is_ai_made",
        ),
        grain=("content_id",),
        time_column="published_at",
        order_by="updated_at",
        rules=(CURRENCY,),
    ),
)

MARKETING = (
    _stream(
        "ad_performance",
        "What ads cost and brought, per day and the finest rung the platform gives.",
        _columns(
            text="platform account_id account_time_zone currency campaign_id campaign_name ad_group_id ad_group_name "
            "ad_id ad_name source medium",
            day="date_day",
            money="spend conversions_claimed conversion_value_claimed",
            whole="impressions clicks",
        ),
        grain=("platform", "date_day", "account_id", "campaign_id", "ad_group_id", "ad_id"),
        optional=("account_id", "campaign_id", "ad_group_id", "ad_id"),
        time_column="date_day",
        rules=(CURRENCY, Rule.between("impressions", 0), Rule.between("clicks", 0)),
    ),
    _stream(
        "messages",
        "E-mails, texts and mailings sent to a person, and what became of them.",
        _columns(
            text="message_id campaign_id campaign_name email customer_id message_kind",
            time="sent_at delivered_at opened_at clicked_at unsubscribed_at",
        ),
        grain=("message_id",),
        time_column="sent_at",
        pii={"email": "email"},
        rules=(Rule.not_null("sent_at"),),
    ),
    _stream(
        "campaign_calendar",
        "Campaigns: when they ran, through which channel, what they cost.",
        _columns(
            text="campaign_id name name_zh kind channel currency goal owner", day="starts_on ends_on", money="cost"
        ),
        grain=("campaign_id",),
        time_column="starts_on",
        rules=(CURRENCY,),
    ),
    _stream(
        "coupon_redemptions",
        "Coupons that customers used.",
        _columns(text="redemption_id customer_id coupon_id campaign_id", time="redeemed_at"),
        grain=("redemption_id",),
        time_column="redeemed_at",
        rules=(Rule.not_null("redeemed_at"),),
    ),
    _stream(
        "social_posts",
        "A snapshot per day of each social post's cumulative figures.",
        _columns(
            day="snapshot_date",
            text="platform account_id post_id format title",
            time="published_at",
            whole="reach impressions likes comments shares saves video_seconds followers_gained",
        ),
        grain=("snapshot_date", "platform", "post_id"),
        time_column="snapshot_date",
    ),
    _stream(
        "mentions",
        "What people said about brands in public.",
        _columns(text="mention_id platform language text brand sentiment", time="published_at", whole="reach"),
        grain=("mention_id",),
        time_column="published_at",
        rules=(Rule.accepted("sentiment", "negative", "neutral", "positive"),),
    ),
)

CUSTOMERS = (
    _stream(
        "crm_contacts",
        "People in a CRM or among the friends of a WeCom or WeChat account, with all the ids it knows them by.",
        _columns(
            text="contact_id user_id email phone openid unionid external_userid merged_into_contact_id lifecycle_stage "
            "origin landing_page",
            time="created_at updated_at",
        ),
        grain=("contact_id",),
        time_column="created_at",
        order_by="updated_at",
        pii={"email": "email", "phone": "phone"},
    ),
    _stream(
        "consents",
        "Each time a person gave or withdrew consent for a purpose, and the version of the policy then shown.",
        _columns(
            text="consent_id user_id email phone customer_id contact_id purpose policy_version",
            time="consented_at",
            flag="is_granted",
        ),
        grain=("consent_id",),
        time_column="consented_at",
        pii={"email": "email", "phone": "phone"},
        rules=(Rule.not_null("purpose"), Rule.not_null("consented_at"), Rule.not_null("is_granted")),
    ),
    _stream(
        "crm_leads",
        "People or firms that showed interest, by their first contact; an empty origin stays empty.",
        _columns(text="lead_id contact_id email user_id origin landing_page", time="first_contact_at"),
        grain=("lead_id",),
        time_column="first_contact_at",
        pii={"email": "email"},
        rules=(Rule.not_null("first_contact_at"),),
    ),
    _stream(
        "crm_deals",
        "Sales opportunities and what became of them.",
        _columns(
            text="deal_id lead_id contact_id stage currency segment",
            flag="is_won",
            time="created_at won_at",
            money="amount",
        ),
        grain=("deal_id",),
        time_column="created_at",
        rules=(CURRENCY,),
    ),
    _stream(
        "surveys",
        "Answers to satisfaction surveys: NPS 0 to 10, CSAT 1 to 5.",
        _columns(
            text="response_id survey_kind email customer_id order_id comment language",
            time="responded_at",
            number="score",
        ),
        grain=("response_id",),
        time_column="responded_at",
        pii={"email": "email"},
        rules=(
            Rule.not_null("responded_at"),
            Rule.not_null("score"),
            Rule.between("score", 0, 10),
            Rule.accepted("survey_kind", "nps", "csat"),
        ),
    ),
)

ORDERS = (
    _stream(
        "orders",
        "Orders, whatever became of them.",
        _columns(
            text="order_id customer_id user_id email phone status currency country",
            time="ordered_at cancelled_at updated_at",
            flag="is_cancelled is_test",
            money="shipping",
        ),
        grain=("order_id",),
        time_column="ordered_at",
        order_by="updated_at",
        pii={"email": "email", "phone": "phone"},
        rules=(Rule.not_null("ordered_at"), CURRENCY),
    ),
    _stream(
        "order_items",
        "Lines of orders; gross is price times quantity after the line's own discount, without shipping.",
        _columns(text="order_item_id order_id product_id currency", number="quantity", money="gross discount"),
        grain=("order_item_id",),
        rules=(Rule.not_null("order_id"), CURRENCY),
    ),
    _stream(
        "payments",
        "What was paid for an order, shipping included.",
        _columns(text="payment_id order_id method currency", time="paid_at", money="amount"),
        grain=("payment_id",),
        time_column="paid_at",
        rules=(Rule.not_null("order_id"), CURRENCY),
    ),
    _stream(
        "refunds",
        "What was paid back for an order.",
        _columns(text="refund_id order_id currency", time="refunded_at", money="amount"),
        grain=("refund_id",),
        time_column="refunded_at",
        rules=(Rule.not_null("order_id"), Rule.not_null("refunded_at"), CURRENCY),
    ),
    _stream(
        "products",
        "What is sold.",
        _columns(text="product_id name product_category currency", money="unit_cost", time="updated_at"),
        grain=("product_id",),
        order_by="updated_at",
        rules=(CURRENCY,),
    ),
    _stream(
        "fx_rates",
        "Exchange rates by day: one from_currency is worth rate to_currency.",
        _columns(day="date_day", text="from_currency to_currency", number="rate"),
        grain=("date_day", "from_currency", "to_currency"),
        time_column="date_day",
        rules=(Rule.not_null("rate"),),
    ),
)

SOURCE = Source(
    name="mapped",
    title="Mapped files",
    owner="data",
    licence="The company's own data; each mapping file says where it comes from.",
    streams=WEB + MARKETING + CUSTOMERS + ORDERS,
)
