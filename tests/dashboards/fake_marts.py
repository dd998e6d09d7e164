"""Small marts with the columns that pages read, filled with rows that a formula makes."""

from __future__ import annotations

from collections.abc import Container

import duckdb

# A row per day from 2025-01-01 to 2026-03-15; mature until 2026-02-20.
DAYS = """
    select cast(d as date) as day, row_number() over (order by d) as i,
        case when d <= date '2026-02-20' then 'mature' when d < date '2026-03-15' then 'maturing' else 'partial' end
            as maturity
    from range(date '2025-01-01', date '2026-03-16', interval 1 day) as t(d)
"""
# Forty persons a day, each there for a while and then another in the place.
PERSON = "'p_' || n || '_' || i // (20 + n)"
TABLES = {
    "fct_sessions": f"""
        select day as session_date, 'direct' as channel, maturity, {PERSON} as person_id,
            cast(day as timestamp) as session_started_at
        from days, range(0, 40) as people(n)
    """,
    "fct_orders": f"""
        select day as order_date, 'o' || i || '_' || n as order_id, maturity, {PERSON} as person_id,
            cast(day as timestamp) as ordered_at
        from days, range(0, 40) as people(n)
    """,
    "fct_events": f"""
        select event_name, {PERSON} as person_id, cast(day as timestamp) + interval (minute) minute as event_at,
            day as event_date, 'e' || i || '_' || n || event_name as event_id, 's' || i || '_' || n as session_id,
            '/p' || n % 3 as page_path, case when n % 2 = 0 then 'mobile' else 'desktop' end as device,
            'CN' as country, 'email' as channel, 'owned' as channel_class, null as source, null as medium,
            null as campaign
        from days, range(0, 40) as people(n), (values ('add_to_cart', 1, 1), ('page_view', 0, 1), ('purchase', 2, 4))
            as acts(event_name, minute, every)
        where n % every = 0
    """,
    "fct_cohort_revenue_by_first_order": """
        select strftime(start, '%Y-%m') as cohort, cast(start as date) as cohort_start, channel, category
            as first_product_category, month_index, cast(n as bigint) as customers,
            cast(n * each * (month_index + 1) as decimal(38, 6)) as cumulative_revenue_net,
            case when category = 'tea' then cast(n * each as decimal(38, 6)) end as cumulative_margin,
            case when start + to_months(cast(month_index + 1 as integer)) <= timestamp '2026-02-01' then 'mature'
                else 'maturing' end as maturity
        from range(timestamp '2025-01-01', timestamp '2026-03-02', interval 1 month) as t(start),
            (values ('email', 'tea', 40, 10), ('email', 'cups', 20, 40), ('direct', 'tea', 5, 7))
                as g(channel, category, n, each),
            lateral (select unnest(range(0, date_diff('month', start, date '2026-03-15') + 1)) as month_index)
    """,
    "fct_arrivals": "select 'web' as topic, date '2026-03-15' as arrived_until",
    "fct_lifecycle": """
        select period_grain, cast(start as date) as period_start, activity, 90 as active_persons, 50 as new_persons,
            30 as returning_persons, 10 as resurrected_persons, 25 as dormant_persons,
            case when start < timestamp '2026-03-02' then 'mature' else 'partial' end as maturity
        from (values ('week'), ('month')) as g(period_grain), (values ('session'), ('order'), ('any')) as a(activity),
            lateral (select unnest(range(timestamp '2025-01-06', timestamp '2026-03-16', interval 7 day)) as start)
    """,
    "fct_activity_states_daily": """
        select day as date_day, 'session' as activity, state as state_before, state,
            cast(40 + i % 9 as bigint) as persons, maturity
        from days, (values ('new'), ('current'), ('reactivated'), ('at_risk_wau'), ('dormant')) as s(state)
    """,
    "fct_stage_moves_weekly": """
        select cast(start as date) as week_start, stage_before, stage, cast(40 as bigint) as persons,
            'mature' as maturity
        from range(date '2025-01-06', date '2026-03-16', interval 7 day) as t(start),
            (values ('unseen'), ('aware'), ('customer')) as b(stage_before),
            (values ('aware'), ('customer')) as a(stage)
    """,
    "dim_persons": f"""
        select distinct {PERSON} as person_id, timestamp '2025-01-01 08:00:00' as first_seen_at
        from days, range(0, 40) as people(n)
    """,
    "fct_person_stages": f"""
        select distinct {PERSON} as person_id, 'customer' as stage, date '2025-02-01' as valid_from,
            cast(null as date) as valid_to, true as is_current
        from days, range(0, 40) as people(n)
    """,
    "fct_payments": "select day as payment_date, maturity from days",
    "fct_ad_performance_daily": "select day as date_day, 'google_ads' as platform, maturity from days",
    "fct_leads": "select day as first_contact_date, maturity from days",
    "fct_deals": "select day as won_date, maturity from days",
    "fct_attribution": "select day as conversion_date, maturity from days",
    "fct_attribution_confidence": """
        select 'order' as conversion_kind, channel, attribution_model, share as credit_share, share - 0.02 as share_low,
            share + 0.03 as share_high, case attribution_model when 'markov' then share + 0.1 end as removal_effect,
            cast(100 as bigint) as conversions, cast(900 as bigint) as journeys
        from (values ('email', 0.4), ('direct', 0.35), ('paid_search', 0.25)) as c(channel, share),
            (values ('markov'), ('shapley')) as m(attribution_model)
    """,
    "fct_retention": """
        select grain as cohort_grain, activity, cohort_start, cast(k as integer) as period_index,
            400 + 10 * c as cohort_persons, case k when 0 then 400 + 10 * c else (400 + 10 * c) // (k + 4) end
                as retained_persons,
            case when c - k < 3 then 'maturing' else 'mature' end as maturity
        from (values ('week', 7), ('month', 30)) as g(grain, step), (values ('session'), ('order')) as a(activity),
            range(0, 14) as cs(c), range(0, 14) as ks(k),
            lateral (select date '2026-03-09' - cast(step * c as integer) as cohort_start)
        where k <= c
    """,
    "fct_funnel_daily": """
        select 'purchase' as funnel_name, day as entry_date, step as step_index, name as step_name,
            false as is_optional,
            cast(1000 as bigint) as persons_entered, cast(1000 // step as bigint) as persons, maturity
        from days, (values (1, 'session_start'), (2, 'view_item'), (3, 'add_to_cart'), (4, 'purchase')) as s(step, name)
    """,
    "fct_customer_scores": """
        select 'p_' || i as person_id, date '2026-03-14' as scored_on, (i % 100) / 100.0 as churn_probability,
            case when i % 100 > 70 then 'high' when i % 100 > 40 then 'medium' else 'low' end as churn_band,
            'recency' as churn_reason_1, 'frequency' as churn_reason_2, null as churn_reason_3,
            cast(100 + i as double) as ltv_expected, 50.0 as ltv_low, 900.0 as ltv_high, 'churn-1' as model_version,
            true as is_current
        from days
    """,
    "dim_person_aliases": """
        select 'p_former_' || n as former_person_id, 'p_' || n || '_0' as person_id from range(0, 40) as people(n)
    """,
    "dim_customers": """
        select 'p_' || i as person_id, day as first_order_date, day as last_order_date, i % 5 + 1 as orders,
            case when i % 100 > 70 then 'high' else 'low' end as churn_band,
            cast(200 + i as decimal(38, 6)) as revenue_net, 'repeat' as segment
        from days
    """,
    "fct_cohort_revenue": """
        select strftime(start, '%Y-%m') as cohort, cast(start as date) as cohort_start, 'direct' as channel,
            m as month_index,
            100 as customers, cast(10000 + 1000 * m as decimal(38, 6)) as cumulative_revenue_net,
            cast(4000 + 400 * m as decimal(38, 6)) as cumulative_margin, 'mature' as maturity
        from range(date '2025-01-01', date '2026-03-01', interval 1 month) as t(start), range(0, 12) as ms(m)
    """,
    "fct_search_performance_daily": """
        select day as date_day, 'query ' || i % 9 as query, i % 9 = 0 as is_brand, i % 7 as clicks, 100 as impressions,
            500.0 as weighted_position, maturity
        from days
    """,
    "dim_content_items": """
        select 'c' || i as content_id, 'Title ' || i as title, 'topic' as topic, 'article' as format,
            date '2025-05-05' as published_date, '/a/' || i as url_path
        from range(0, 5) as t(i)
    """,
    "fct_content_daily": """
        select day as date_day, 'c' || i % 5 as content_id, 10 + i % 7 as pageviews, 5 as visitors,
            70.0 as engaged_seconds, 1 as shares, maturity
        from days
    """,
    "fct_social_posts_daily": """
        select day as date_day, 'weibo' as platform, 'post' || i % 6 as post_id, 'video' as format,
            'Post ' || i % 6 as title,
            day as published_date, 100 as reach, 7 as engagements, 1 as followers_gained, maturity
        from days
    """,
    "fct_mentions": """
        select 'm' || i as mention_id, day as mention_date, 'weibo' as platform, 'zh' as language,
            case when i % 3 = 0 then 'Other' else 'Own' end as brand, i % 3 > 0 as is_own, true as is_tracked,
            case i % 4 when 0 then 'negative' when 1 then 'neutral' else 'positive' end as sentiment,
            i % 4 = 0 as is_negative, 100 as reach, '很好' as text, maturity
        from days
    """,
    "fct_messages": "select day as sent_date, maturity from days",
    "fct_survey_responses": """
        select 'r' || i as response_id, day as response_date, 'nps' as survey_kind, cast(i % 11 as double) as score,
            'zh' as language, '送货很快' as comment, maturity
        from days
    """,
    "fct_contact_daily": "select day as date_day, maturity from days",
    "fct_reconciliation": """
        select 'landed' as check_name, 'ga4' as source_name, 'events' as stream, cast(10 as decimal(38, 6)) as expected,
            cast(10 as decimal(38, 6)) as actual, cast(0 as decimal(38, 6)) as residual, true as is_balanced,
            'read = landed' as explanation
    """,
    "fct_targets": """
        select date '2026-03-01' as month, metric, target
        from (values ('orders', 1000.0), ('revenue_net', 9e9), ('conversion_rate', 0.01)) as t(metric, target)
    """,
    "dim_campaigns": """
        select 'c' || n as campaign_id, 'Campaign ' || n as name, '活动' || n as name_zh, 'promotion' as kind,
            null as channel, date '2026-01-10' + cast(n * 30 as integer) as starts_on,
            date '2026-01-16' + cast(n * 30 as integer) as ends_on, cast(500 as decimal(38, 6)) as cost,
            'CNY' as currency, 'orders' as goal, 'marketing' as owner, 12 as recipients, 3 as redeemers,
            'mature' as maturity
        from range(0, 4) as t(n)
    """,
    "fct_platform_changes": """
        select date '2026-02-01' as changed_on, 'google' as platform, 'Update' as title, '更新' as title_zh
    """,
    "dim_dates": """
        select day as date_day, year(day) as year,
            case when month(day) = 2 and day(day) < 9 then '双11' end as promotion
        from days
    """,
    "fct_rule_removals": """
        select 40 as rule_rank, 'robot' as rule, 'bot' as kind, 'Robot' as label_en, '爬虫' as label_zh,
            true as is_default, date '2026-03-14' as date_day, 12 as events, 3 as sessions, 0 as orders
    """,
    "fct_freshness": """
        select 'ga4' as source, 'events' as stream, date '2026-03-14' as last_day,
            timestamp '2026-03-15 03:04:05' as last_landed_at, true as is_on, 10 as rows, 2 as rows_shifted,
            3 as rows_ambiguous, 1 as expected_lag, false as is_late
    """,
    "dim_channels": """
        select * from (values ('organic_search', 'Organic search', '自然搜索', 'earned'),
            ('paid_search', 'Paid search', '付费搜索', 'paid'), ('email', 'Email', '电子邮件', 'owned'),
            ('wecom', 'WeCom', '企业微信', 'private'), ('direct', 'Direct', '直接访问', 'owned')
        ) as t(channel, label_en, label_zh, channel_class)
    """,
}
WORKSPACE = {
    "funnels": "select 'purchase' as funnel_name, 'Purchase' as label_en, '购买' as label_zh",
    "person_aliases": "select '' as former_person_id, '' as person_id where false",
    "batches": """
        select 1 as batch, 'ga4' as source_name, 'ga4' as source, 'events' as stream, 'f.parquet' as files,
            timestamp '2026-03-15 03:04:05' as landed_at, 12 as rows_read, 1 as duplicates, 0 as refused,
            1 as quarantined, 10 as landed
    """,
    "quarantine": """
        select 'q1' as quarantine_id, 'ga4' as source, 'events' as stream, 'f.parquet' as file, 3 as "row",
            'not a number' as reason, 'clicks' as column_name, 1 as batch,
            timestamp '2026-03-15 03:04:05' as quarantined_at
    """,
    "expectations": """
        select 'ga4' as source, 'events' as stream, 'expect_column_values_to_not_be_null' as expectation,
            'event_name' as column_name, true as success, '100%' as observed,
            timestamp '2026-03-15 03:04:05' as checked_at
    """,
}


def make_marts(connection: duckdb.DuckDBPyConnection, filled: Container[str]) -> None:
    """Create every mart in schema `marts`, with rows only where its name is among those filled."""
    connection.execute("create schema marts")
    connection.execute("create schema workspace")
    connection.execute(f"create temp table days as {DAYS}")
    for name, sql in TABLES.items():
        is_shared = name.startswith("dim_") and name != "dim_campaigns"
        kept = "" if name in filled or is_shared else " where false"
        connection.execute(f"create table marts.{name} as select * from ({sql}){kept}")
    for name, sql in WORKSPACE.items():
        connection.execute(f"create table workspace.{name} as {sql}")
