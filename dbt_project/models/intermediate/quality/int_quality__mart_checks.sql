{# Conformed rows are in their mart, but for what a rule removed: test orders, internal traffic, bots, rows nobody can use (I10). #}
{% set whole = [
    ('ads_performance', 'int_ads__performance', 'fct_ad_performance_daily'),
    ('social_posts', 'int_social__posts', 'fct_social_posts_daily'),
    ('crm_leads', 'int_crm__leads', 'fct_leads'),
    ('crm_deals', 'int_crm__deals', 'fct_deals'),
    ('social_mentions', 'int_social__mentions', 'fct_mentions'),
    ('messages', 'int_messages__messages', 'fct_messages'),
    ('contact_daily', 'int_private__contact_daily', 'fct_contact_daily'),
    ('survey_responses', 'int_surveys__responses', 'fct_survey_responses'),
    ('coupon_redemptions', 'int_campaigns__coupon_redemptions', 'fct_coupon_redemptions'),
] %}
{% set of_orders = [
    ('orders', 'int_orders__orders', 'fct_orders'),
    ('order_items', 'int_orders__items', 'fct_order_items'),
    ('payments', 'int_orders__payments', 'fct_payments'),
    ('refunds', 'int_orders__refunds', 'fct_refunds'),
] %}
with

tests as (

    select source_name, order_id from {{ ref('int_traffic__test_orders') }}

),

removed as (

    select rule, count(*) as events from {{ ref('int_traffic__removed') }}
    group by rule

),

rows_of_topic as (

    {% for topic, conformed, mart in whole -%}
    select
        '{{ topic }}' as stream,
        source_name,
        count(*) as expected,
        (select count(*) from {{ ref(mart) }} as mart where mart.source_name = conformed.source_name) as arrived,
        0 as left_out,
        'all of them' as explanation
    from {{ ref(conformed) }} as conformed
    group by source_name
    union all
    {% endfor %}
    {% for topic, conformed, mart in of_orders -%}
    select
        '{{ topic }}' as stream,
        conformed.source_name,
        count(*) as expected,
        (select count(*) from {{ ref(mart) }} as mart where mart.source_name = conformed.source_name) as arrived,
        count(tests.order_id) as left_out,
        count(tests.order_id) || ' of test orders' as explanation
    from {{ ref(conformed) }} as conformed
    left join tests on conformed.source_name = tests.source_name and conformed.order_id = tests.order_id
    group by conformed.source_name
    union all
    {% endfor %}
    select
        'web_events' as stream,
        'all' as source_name,
        count(*) as expected,
        (select coalesce(sum(events), 0) from {{ ref('fct_sessions') }}) as arrived,
        (select coalesce(sum(events), 0) from removed) as left_out,
        coalesce((select string_agg(events || ' ' || rule, ', ' order by events desc, rule) from removed), 'all of them')
            as explanation
    from {{ ref('int_web__events') }}

),

{# The share that no rule matched is shown on every build (S4). #}
channels as (

    select
        'sessions_with_channel' as check_name,
        'all' as source_name,
        'sessions' as stream,
        count(*) as expected,
        count(*) filter (where channel <> 'unassigned') as arrived,
        count(*) filter (where channel = 'unassigned') as left_out,
        coalesce(round(100.0 * count(*) filter (where channel = 'unassigned') / nullif(count(*), 0), 1), 0)
            || ' % matched no channel rule' as explanation
    from {{ ref('fct_sessions') }}

),

united as (

    select 'rows_in_mart' as check_name, source_name, stream, expected, arrived, left_out, explanation
    from rows_of_topic
    union all
    select * from channels

)

select * from united
