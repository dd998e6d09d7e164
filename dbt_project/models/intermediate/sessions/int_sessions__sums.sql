{{ config(materialized='slices', key='visitor_id') }}
{% call reach() %}select key from {{ reach_of('int_sessions__events') }}{% endcall %}
with

sums as (

    select
        visitor_id,
        session_clock_at,
        min(event_at) as session_started_at,
        max(event_at) as session_ended_at,
        min(event_at) filter (where has_page) as page_at,
        min(event_at) filter (where has_origin) as origin_at,
        count(*) filter (where is_view) as pageviews,
        count(*) as events,
        sum(engaged_seconds) as engaged_seconds,
        count(*) filter (where is_conversion) as conversions
    from {{ sliced(ref('int_sessions__events'), 'visitor_id') }}
    group by visitor_id, session_clock_at

)

select * from sums
