{# Where an event came from and whose it is, is its session's word, so that events and sessions sum alike (X1). #}
with

events as (

    select * from {{ ref('int_traffic__events') }}

),

instants as (

    select visitor_id, event_at, session_clock_at from {{ ref('int_sessions__events') }}
    where is_first_of_instant

),

sessions as (

    select * from {{ ref('int_sessions__resolved') }}

),

final as (

    select
        -- ids
        events.event_id,
        sessions.session_id,
        events.visitor_id,
        sessions.person_id,
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
    from events
    inner join instants on events.visitor_id = instants.visitor_id and events.event_at = instants.event_at
    inner join sessions
        on instants.visitor_id = sessions.visitor_id and instants.session_clock_at = sessions.session_clock_at

)

select * from final
