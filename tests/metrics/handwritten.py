"""The same numbers, written apart: for each metric a plain query over the marts, for a range of days and one slice.

`$a` and `$b` are the first and the last day; `{s}` is a further condition on a dimension, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hand:
    """A query for one value, and a dimension to try it by: its name, and its column where that is another."""

    sql: str
    dimension: str | None = None
    column: str | None = None


def _of(expression: str, table: str, day: str) -> str:
    return f"(select {expression} from marts.{table} where {day} between $a and $b {{s}})"


def _share(numerator: str, denominator: str) -> str:
    return f"select cast({numerator} as double) / nullif(cast({denominator} as double), 0)"


SESSIONS = _of("count(*)", "fct_sessions", "session_date")
ORDERS = _of("count(*)", "fct_orders", "order_date")
GROSS = _of("coalesce(sum(revenue_gross), 0)", "fct_orders", "order_date")
CANCELLED = _of("coalesce(sum(revenue_cancelled), 0)", "fct_orders", "order_date")
REFUNDS = _of("coalesce(sum(refunds), 0)", "fct_refunds", "refund_date")
SPEND = _of("coalesce(sum(spend), 0)", "fct_ad_performance_daily", "date_day")
NEW = _of("count(distinct person_id) filter (where order_number = 1)", "fct_orders", "order_date")
NEW_PAID = _of(
    "count(distinct person_id) filter (where order_number = 1 and channel_class = 'paid')", "fct_orders", "order_date"
)
PAID_CREDIT = _of(
    "coalesce(sum(attributed_revenue) filter (where channel_class = 'paid' and attribution_model = 'last' "
    "and conversion_kind = 'order'), 0)",
    "fct_attribution",
    "touch_date",
)
FIRST_CREDIT = """
(select coalesce(sum(attributed_conversions), 0)
    from marts.fct_attribution
    where conversion_kind = 'order' and attribution_model = 'last' and touch_date between $a and $b
        and conversion_id in (select order_id from marts.fct_orders where order_number = 1) {s})
"""
FIRST_CREDIT_PAID = FIRST_CREDIT.replace("{s}", "and channel_class = 'paid' {s}")
NON_MEDIA = _of("coalesce(sum(non_media_cost), 0)", "fct_acquisition_daily", "date_day")
OWN = _of("count(*) filter (where is_own)", "fct_mentions", "mention_date")
DELIVERED = _of("count(*) filter (where is_delivered)", "fct_messages", "sent_date")
LEADS = _of("count(*)", "fct_leads", "first_contact_date")
WON = _of("count(*) filter (where is_won)", "fct_deals", "won_date")
VALUE = _of("coalesce(sum(deal_value) filter (where is_won), 0)", "fct_deals", "won_date")
AD_CLICKS = _of("coalesce(sum(clicks), 0)", "fct_ad_performance_daily", "date_day")
AD_SHOWN = _of("coalesce(sum(impressions), 0)", "fct_ad_performance_daily", "date_day")
REACH = _of("coalesce(sum(reach), 0)", "fct_social_posts_daily", "date_day")
ENGAGED = _of("coalesce(sum(engagements), 0)", "fct_social_posts_daily", "date_day")
LTV = _of("avg(ltv_expected)", "dim_customers", "scored_on")


def _web(condition: str) -> str:
    return _of(f"count(*) filter (where {condition})", "fct_sessions", "session_date")


def _sent(condition: str) -> str:
    return _of(f"count(*) filter (where {condition})", "fct_messages", "sent_date")


def _search(expression: str) -> str:
    return _of(expression, "fct_search_performance_daily", "date_day")


def _content(expression: str) -> str:
    return _of(expression, "fct_content_daily", "date_day")


def _contacts(expression: str) -> str:
    return _of(expression, "fct_contact_daily", "date_day")


def _survey(expression: str) -> str:
    return _of(expression, "fct_survey_responses", "response_date")


def _credited(column: str, day: str, kind: str = "order") -> str:
    credit = f"coalesce(sum({column}) filter (where attribution_model = 'last' and conversion_kind = '{kind}'), 0)"
    return "select " + _of(credit, "fct_attribution", day)


def _attributed(column: str) -> str:
    return _credited(column, "conversion_date")


def _running(expression: str, reach: str) -> str:
    return f"select (select {expression} from marts.fct_orders where order_date <= $b and {reach} {{s}})"


# A cohort counts whole, in the month that begins within the range.
COHORT_CUSTOMERS = """
select (select count(*) from marts.dim_customers
    where strptime(cohort || '-01', '%Y-%m-%d')::date between $a and $b {s})
"""
COHORT_MARGIN = """
(select sum(gross_margin) from marts.dim_customers
    where strptime(cohort || '-01', '%Y-%m-%d')::date between $a and $b {s})
"""
COHORT_SPEND = """
(select sum(spend) from marts.fct_ad_performance_daily where date_trunc('month', date_day) between $a and $b)
"""
RETENTION = """
select cast(sum(retained_persons) as double) / nullif(sum(cohort_persons), 0) from marts.fct_retention
where cohort_start between $a and $b and cohort_grain = 'week' and period_index = 1 and maturity = 'mature'
  and activity = case
      when exists (select 1 from marts.fct_retention where activity <> 'order') then 'session' else 'order' end {s}
"""
LIFECYCLE = """
with days as (
    select person_id, session_date as day from marts.fct_sessions
    union select person_id, order_date from marts.fct_orders
), weeks as (
    select distinct person_id, cast(date_trunc('week', day) as date) as week from days where person_id is not null
), settled as (
    select period_start as week from marts.fct_lifecycle
    where period_start between $a and $b and period_grain = 'week' and activity = 'any' and maturity = 'mature' {{s}}
)
select count(*) from weeks as one where {0}
"""
RESURRECTED = LIFECYCLE.format("""week in (from settled)
  and not exists (from weeks as other where other.person_id = one.person_id and other.week = one.week - 7)
  and exists (from weeks as other where other.person_id = one.person_id and other.week < one.week - 7)""")
DORMANT = LIFECYCLE.format("""week + 7 in (from settled)
  and not exists (from weeks as other where other.person_id = one.person_id and other.week = one.week + 7)""")
PAYBACK = """
with months as (
    select cohort_start as day, cohort, month_index, sum(cumulative_margin) as margin, sum(acquisition_spend) as spend
    from marts.fct_cohort_revenue where cohort_start between $a and $b {s} group by all
), firsts as (
    select cohort, min(month_index) filter (where margin >= spend and spend > 0) as month from months group by cohort
)
select case when isfinite(middle) then middle end
from (select median(coalesce(cast(month as double), cast('infinity' as double))) as middle from firsts)
"""
SECOND_ORDER = """
with firsts as (
    select * from marts.fct_orders where order_date between $a and $b and order_number = 1 and maturity = 'mature' {s}
)
select cast(count(seconds.order_id) as double) / nullif(count(*), 0)
from firsts
left join marts.fct_orders as seconds
    on seconds.person_id = firsts.person_id and seconds.order_number = 2
    and seconds.order_date between firsts.order_date and firsts.order_date + 59
"""
LEAD_TO_DEAL = """
with young as (
    select * from marts.fct_leads where first_contact_date between $a and $b and maturity = 'mature' {s}
)
select cast(count(distinct deals.lead_id) as double) / nullif((select count(*) from young), 0)
from young
inner join marts.fct_deals as deals
    on deals.lead_id = young.lead_id and deals.is_won
    and deals.won_date between young.first_contact_date and young.first_contact_date + 89
"""

HANDWRITTEN: dict[str, Hand] = {
    "sessions": Hand(f"select {SESSIONS}", "channel"),
    "visitors": Hand("select " + _of("count(distinct visitor_id)", "fct_sessions", "session_date"), "device"),
    "pageviews": Hand("select " + _of("coalesce(sum(pageviews), 0)", "fct_sessions", "session_date"), "country"),
    "engaged_sessions": Hand("select " + _web("is_engaged"), "channel_class"),
    "bounced_sessions": Hand("select " + _web("not is_engaged"), "medium"),
    "converted_sessions": Hand("select " + _web("conversions > 0"), "source"),
    "views_per_session": Hand(_share(_of("sum(pageviews)", "fct_sessions", "session_date"), SESSIONS), "channel"),
    "bounce_rate": Hand(_share(_web("not is_engaged"), SESSIONS), "device"),
    "engaged_session_rate": Hand(_share(_web("is_engaged"), SESSIONS), "campaign"),
    "conversion_rate": Hand(_share(_web("conversions > 0"), SESSIONS), "channel"),
    "visitors_last_28_days": Hand(
        "select (select count(distinct visitor_id) from marts.fct_sessions"
        " where session_date between $b::date - 27 and $b and $a is not null {s})",
        "channel_class",
    ),
    "search_impressions": Hand("select " + _search("coalesce(sum(impressions), 0)"), "country"),
    "search_clicks": Hand(
        "select " + _search("coalesce(sum(clicks), 0)"),
        "query_kind",
        "case when is_brand then 'brand' else 'non_brand' end",
    ),
    "search_click_rate": Hand(_share(_search("sum(clicks)"), _search("sum(impressions)")), "query"),
    "search_position": Hand(
        _share(_search("sum(position * impressions)"), _search("sum(impressions)")), "landing_page", "page_path"
    ),
    "content_views": Hand("select " + _content("coalesce(sum(pageviews), 0)"), "content_topic", "topic"),
    "content_minutes_per_view": Hand(
        _share(_content("sum(engaged_seconds)"), _content("60 * sum(pageviews)")), "content_format", "format"
    ),
    "content_shares": Hand("select " + _content("coalesce(sum(shares), 0)"), "content_item", "content_id"),
    "ad_spend": Hand(f"select {SPEND}", "platform"),
    "ad_impressions": Hand(f"select {AD_SHOWN}", "channel"),
    "ad_clicks": Hand(f"select {AD_CLICKS}", "campaign"),
    "ad_click_rate": Hand(_share(AD_CLICKS, AD_SHOWN), "platform"),
    "cost_per_click": Hand(_share(SPEND, AD_CLICKS), "currency"),
    "ad_conversions_claimed": Hand(
        "select " + _of("coalesce(sum(conversions_claimed), 0)", "fct_ad_performance_daily", "date_day"), "platform"
    ),
    "ad_conversion_value_claimed": Hand(
        "select " + _of("coalesce(sum(conversion_value_claimed), 0)", "fct_ad_performance_daily", "date_day"), "medium"
    ),
    "acquisition_cost": Hand(f"select {SPEND} + {NON_MEDIA}", "channel"),
    "ad_rows_without_rate": Hand(
        "select " + _of("count(*) filter (where spend is null)", "fct_ad_performance_daily", "date_day"), "currency"
    ),
    "customer_acquisition_cost": Hand(_share(SPEND, FIRST_CREDIT), "campaign"),
    "customer_acquisition_cost_cash": Hand(_share(SPEND, NEW), "channel"),
    "customer_acquisition_cost_paid": Hand(_share(SPEND, FIRST_CREDIT_PAID), "channel"),
    "customer_acquisition_cost_full": Hand(_share(f"({SPEND} + {NON_MEDIA})", FIRST_CREDIT), "channel"),
    "customer_acquisition_cost_paid_full": Hand(_share(f"({SPEND} + {NON_MEDIA})", FIRST_CREDIT_PAID), "channel"),
    "new_customers_accrual": Hand(f"select {FIRST_CREDIT}", "channel"),
    "new_customers_accrual_paid": Hand(f"select {FIRST_CREDIT_PAID}", "campaign"),
    "attributed_revenue_accrual": Hand(_credited("attributed_revenue", "touch_date"), "channel"),
    "attributed_revenue_accrual_paid": Hand(f"select {PAID_CREDIT}", "campaign"),
    "attributed_conversions_accrual": Hand(_credited("attributed_conversions", "touch_date"), "source"),
    "cohort_customers": Hand(COHORT_CUSTOMERS, "channel", "acquisition_channel"),
    "lifetime_value_realised": Hand(
        _share(COHORT_MARGIN, COHORT_CUSTOMERS.replace("select", "(select", 1) + ")"), "cohort"
    ),
    "lifetime_value_realised_to_acquisition_cost": Hand(_share(COHORT_MARGIN, COHORT_SPEND)),
    "lifetime_value_expected_to_acquisition_cost": Hand(
        _share(COHORT_MARGIN.replace("gross_margin", "ltv_expected"), COHORT_SPEND)
    ),
    "marketing_efficiency_ratio": Hand(_share(GROSS, SPEND), "channel_class"),
    "return_on_ad_spend": Hand(_share(PAID_CREDIT, SPEND), "channel"),
    "non_media_cost": Hand(f"select {NON_MEDIA}", "channel"),
    "attributed_conversions": Hand(_attributed("attributed_conversions"), "channel"),
    "attributed_revenue": Hand(_attributed("attributed_revenue"), "campaign"),
    "attributed_deals": Hand(_credited("attributed_conversions", "conversion_date", "deal"), "channel"),
    "attributed_deal_value": Hand(_credited("attributed_revenue", "conversion_date", "deal"), "channel_class"),
    "attributed_revenue_paid": Hand(f"select {PAID_CREDIT}", "channel"),
    "leads": Hand(f"select {LEADS}", "origin"),
    "leads_won": Hand(
        "select " + _of("count(*) filter (where is_won)", "fct_leads", "first_contact_date"), "landing_page"
    ),
    "lead_win_rate": Hand(
        _share(_of("count(*) filter (where is_won)", "fct_leads", "first_contact_date"), LEADS), "origin"
    ),
    "lead_to_deal_rate": Hand(LEAD_TO_DEAL, "origin"),
    "deals_won": Hand(f"select {WON}", "origin"),
    "deal_value": Hand(f"select {VALUE}", "segment"),
    "average_deal_value": Hand(_share(VALUE, WON), "origin"),
    "orders": Hand(f"select {ORDERS}", "channel"),
    "orders_cancelled": Hand("select " + _of("count(*) filter (where is_cancelled)", "fct_orders", "order_date")),
    "customers": Hand("select " + _of("count(distinct person_id)", "fct_orders", "order_date"), "cohort"),
    "new_customers": Hand(f"select {NEW}", "channel"),
    "new_customers_paid": Hand(f"select {NEW_PAID}", "channel"),
    "repeat_customers": Hand(
        "select " + _of("count(distinct person_id) filter (where order_number > 1)", "fct_orders", "order_date"),
        "segment",
    ),
    "repeat_rate": Hand(
        _share(
            _of("count(distinct person_id) filter (where order_number > 1)", "fct_orders", "order_date"),
            _of("count(distinct person_id)", "fct_orders", "order_date"),
        ),
        "device",
    ),
    "revenue_gross": Hand(f"select {GROSS}", "country"),
    "revenue_cancelled": Hand(f"select {CANCELLED}", "channel"),
    "revenue_net": Hand(f"select {GROSS} - {CANCELLED} - {REFUNDS}", "channel"),
    "gross_margin": Hand("select " + _of("coalesce(sum(gross_margin), 0)", "fct_orders", "order_date"), "source"),
    "average_order_value": Hand(_share(GROSS, ORDERS), "landing_page"),
    "cancellation_rate": Hand(
        _share(_of("count(*) filter (where is_cancelled)", "fct_orders", "order_date"), ORDERS), "currency"
    ),
    "refund_rate": Hand(_share(REFUNDS, GROSS), "cohort"),
    "items_per_order": Hand(
        _share(_of("coalesce(sum(quantity), 0)", "fct_order_items", "order_date"), ORDERS), "channel"
    ),
    "items_sold": Hand(
        "select " + _of("coalesce(sum(quantity), 0)", "fct_order_items", "order_date"), "product_category"
    ),
    "active_customers": Hand(_running("count(distinct person_id)", "order_date > $b::date - 90 and $a is not null")),
    "customers_to_date": Hand(_running("count(distinct person_id)", "$a is not null"), "currency"),
    "orders_year_to_date": Hand(
        _running("count(*)", "year(order_date) = year($b::date) and $a is not null"), "channel"
    ),
    "revenue_gross_last_28_days": Hand(
        _running("coalesce(sum(revenue_gross), 0)", "order_date > $b::date - 28 and $a is not null"), "channel_class"
    ),
    "second_order_rate": Hand(SECOND_ORDER, "channel"),
    "refunds": Hand(f"select {REFUNDS}", "currency"),
    "refunds_of_cancelled": Hand(
        "select " + _of("coalesce(sum(refunds_of_cancelled), 0)", "fct_refunds", "refund_date"), "channel"
    ),
    "payments": Hand(
        "select " + _of("coalesce(sum(payments), 0)", "fct_payments", "payment_date"), "payment_method", "method"
    ),
    "retention_rate": Hand(RETENTION),
    "resurrected_persons": Hand(RESURRECTED),
    "dormant_persons": Hand(DORMANT),
    "customers_at_risk": Hand(
        "select " + _of("sum(case churn_band when 'high' then 1 else 0 end)", "dim_customers", "scored_on"), "segment"
    ),
    "lifetime_value_predicted": Hand(f"select {LTV}", "cohort"),
    "lifetime_value_to_acquisition_cost": Hand(f"select {LTV} / nullif(({_share(SPEND, NEW)}), 0)"),
    "payback_months": Hand(PAYBACK, "cohort"),
    "social_reach": Hand(f"select {REACH}", "platform"),
    "social_impressions": Hand(
        "select " + _of("coalesce(sum(impressions), 0)", "fct_social_posts_daily", "date_day"), "platform"
    ),
    "social_engagements": Hand(f"select {ENGAGED}", "post_format", "format"),
    "social_engagement_rate": Hand(_share(ENGAGED, REACH), "platform"),
    "social_followers_gained": Hand(
        "select " + _of("coalesce(sum(followers_gained), 0)", "fct_social_posts_daily", "date_day"), "platform"
    ),
    "tracked_mentions": Hand(
        "select " + _of("count(*) filter (where is_tracked)", "fct_mentions", "mention_date"), "brand"
    ),
    "mentions": Hand(f"select {OWN}", "platform"),
    "negative_mentions": Hand(
        "select " + _of("count(*) filter (where is_own and is_negative)", "fct_mentions", "mention_date"), "language"
    ),
    "negative_mention_rate": Hand(
        _share(_of("count(*) filter (where is_own and is_negative)", "fct_mentions", "mention_date"), OWN), "platform"
    ),
    "share_of_voice": Hand(
        _share(OWN, _of("count(*) filter (where is_tracked)", "fct_mentions", "mention_date")), "platform"
    ),
    "messages_sent": Hand("select " + _of("count(*)", "fct_messages", "sent_date"), "campaign"),
    "messages_delivered": Hand(f"select {DELIVERED}", "message_kind"),
    "messages_opened": Hand("select " + _sent("is_opened"), "campaign"),
    "messages_clicked": Hand("select " + _sent("is_clicked"), "campaign"),
    "messages_unsubscribed": Hand("select " + _sent("is_unsubscribed"), "campaign"),
    "message_open_rate": Hand(_share(_sent("is_opened"), DELIVERED), "campaign"),
    "message_click_rate": Hand(_share(_sent("is_clicked"), DELIVERED), "campaign"),
    "unsubscribe_rate": Hand(_share(_sent("is_unsubscribed"), DELIVERED), "campaign"),
    "private_contacts_new": Hand(
        "select " + _of("coalesce(sum(contacts_new), 0)", "fct_contact_daily", "date_day"), "employee", "employee_id"
    ),
    "private_contacts_lost": Hand(
        "select " + _of("coalesce(sum(contacts_lost), 0)", "fct_contact_daily", "date_day"), "employee", "employee_id"
    ),
    "private_contacts_net": Hand(
        "select " + _contacts("coalesce(sum(contacts_new - contacts_lost), 0)"), "employee", "employee_id"
    ),
    "private_applications": Hand("select " + _contacts("coalesce(sum(applications), 0)"), "employee", "employee_id"),
    "private_chats": Hand("select " + _contacts("coalesce(sum(chats), 0)"), "employee", "employee_id"),
    "private_reply_rate": Hand(
        _share(_contacts("sum(reply_rate * chats)"), _contacts("sum(chats)")), "employee", "employee_id"
    ),
    "private_messages": Hand("select " + _contacts("coalesce(sum(messages), 0)"), "employee", "employee_id"),
    "first_reply_minutes": Hand(
        "select " + _of("median(first_reply_minutes)", "fct_contact_daily", "date_day"), "employee", "employee_id"
    ),
    "survey_responses": Hand("select " + _survey("count(*)"), "survey_kind"),
    "satisfaction_responses": Hand(
        "select " + _survey("count(score) filter (where survey_kind = 'csat')"), "product_category"
    ),
    "satisfaction_mean": Hand(
        "select " + _survey("avg(score) filter (where survey_kind = 'csat')"), "product_category"
    ),
    "promoter_responses": Hand("select " + _survey("count(score) filter (where survey_kind = 'nps')"), "language"),
    "net_promoter_score": Hand(
        "select "
        + _survey(
            "100.0 * (count(*) filter (where survey_kind = 'nps' and score >= 9)"
            " - count(*) filter (where survey_kind = 'nps' and score <= 6))"
            " / nullif(count(score) filter (where survey_kind = 'nps'), 0)"
        ),
        "language",
    ),
    "campaigns_started": Hand("select " + _of("count(*)", "dim_campaigns", "starts_on"), "campaign_kind", "kind"),
    "campaign_cost": Hand("select " + _of("coalesce(sum(cost), 0)", "dim_campaigns", "starts_on"), "campaign", "name"),
    "coupon_redemptions": Hand(
        "select " + _of("count(*)", "fct_coupon_redemptions", "redeemed_date"), "campaign", "campaign_id"
    ),
}
