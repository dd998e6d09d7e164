{%- set timeout_us = var('session_timeout_minutes') | int * 60 * 1000000 -%}
with

rules as (

    select * from {{ ref('int_traffic__rules') }}
    where kind <> 'keep'

),

{# What would have been a session: a visitor's run of events that the same rule removed. #}
events as (

    select
        rule_rank,
        event_date,
        visitor_id is not null and coalesce(
            {{ epoch_micros('event_at') }} - {{ epoch_micros('lag(event_at) over visitor') }} > {{ timeout_us }}, true
        ) as begins_session
    from {{ ref('int_traffic__removed') }}
    window visitor as (partition by rule_rank, visitor_id order by event_at)

),

removed as (

    select rule_rank, event_date as date_day, 1 as events, cast(begins_session as integer) as sessions, 0 as orders
    from events
    union all
    select rule_rank, order_date, 0, 0, 1 from {{ ref('int_traffic__test_orders') }}

),

final as (

    select
        rules.rule_rank,
        rules.rule,
        rules.kind,
        rules.label_en,
        rules.label_zh,
        rules.is_default,
        removed.date_day,
        cast(coalesce(sum(removed.events), 0) as bigint) as events,
        cast(coalesce(sum(removed.sessions), 0) as bigint) as sessions,
        cast(coalesce(sum(removed.orders), 0) as bigint) as orders
    from rules
    left join removed on rules.rule_rank = removed.rule_rank
    group by all

)

select * from final
