{# Sums need only what int_sessions__events carries; page and origin are looked up at the instants that tell them, so
   that no text goes through a sort. Events of one instant go by id. #}
{{ config(materialized='slices', key='visitor_id') }}
{% call reach() %}select key from {{ reach_of('int_sessions__events') }}{% endcall %}
{%- set origin = "{'source': " ~ origin_source() ~ ", 'medium': " ~ origin_medium() ~ ", 'campaign': campaign}" -%}
with

sessions as (

    select * from {{ sliced(ref('int_sessions__sums'), 'visitor_id') }}

),

instants as (

    select * from {{ sliced(ref('int_sessions__instants'), 'visitor_id') }}

),

told as (

    select
        instants.visitor_id,
        instants.session_clock_at,
        arg_min(page_path, event_id) filter (where event_at = page_at) as landing_page,
        arg_min(device, event_id) filter (where event_at = session_started_at) as device,
        arg_min(country, event_id) filter (where event_at = session_started_at) as country,
        arg_min({{ origin }}, event_id) filter (where event_at = origin_at and {{ has_origin() }}) as origin
    from {{ sliced(ref('int_traffic__events'), 'visitor_id') }} as events
    inner join instants on events.visitor_id = instants.visitor_id and events.event_at = instants.instant_at
    group by instants.visitor_id, instants.session_clock_at

),

final as (

    select
        sessions.visitor_id || '-' || {{ epoch_micros('sessions.session_clock_at') }} as session_id,
        sessions.visitor_id,
        sessions.session_clock_at,
        sessions.session_started_at,
        sessions.session_ended_at,
        {{ local_date('sessions.session_started_at') }} as session_date,
        told.landing_page,
        told.device,
        told.country,
        coalesce(told.origin.source, '(direct)') as source,
        coalesce(told.origin.medium, '(none)') as medium,
        coalesce(told.origin.campaign, '(not set)') as campaign,
        sessions.pageviews,
        sessions.events,
        cast(coalesce(sessions.engaged_seconds, 0) as double) as engaged_seconds,
        sessions.conversions
    from sessions
    inner join told
        on sessions.visitor_id = told.visitor_id and sessions.session_clock_at = told.session_clock_at

)

select * from final
