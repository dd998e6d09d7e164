{# Where an event came from is its session's word, so that events and sessions sum alike (X1). Whose it is, is who owned
   the browser at that time (D2), also within a session that changes hands. #}
{{ config(materialized='slices', key='visitor_id') }}
{% call reach() %}select key from {{ reach_of('int_sessions__resolved') }}{% endcall %}
with

events as (

    select * from {{ sliced(ref('int_traffic__events'), 'visitor_id') }}

),

sessions as (

    select * from {{ sliced(ref('int_sessions__resolved'), 'visitor_id') }}

),

owners as (

    select visitor_id, owned_from, person_id from {{ sliced(ref('int_identity__visitors'), 'visitor_id') }}

),

owned as (

    select events.*, owners.person_id
    from events
    asof inner join owners on events.visitor_id = owners.visitor_id and events.event_at >= owners.owned_from

),

final as (

    select
        -- ids
        events.event_id,
        sessions.session_id,
        events.visitor_id,
        events.person_id,
        events.order_id,

        -- times
        events.event_at,
        events.event_date,

        -- what
        events.event_name,
        events.page_path,
        events.engaged_seconds,

        -- where from
        events.device,
        events.country,
        sessions.channel,
        sessions.channel_class,
        sessions.source,
        sessions.medium,
        sessions.campaign
    from owned as events
    asof inner join sessions
        on events.visitor_id = sessions.visitor_id and events.event_at >= sessions.session_started_at

)

select * from final
