{# Where an event came from and whose it is, is its session's word, so that events and sessions sum alike (X1). #}
with

events as (

    select * from {{ ref('int_sessions__events') }}

),

sessions as (

    select * from {{ ref('int_sessions__resolved') }}

),

final as (

    select
        -- ids
        events.event_id,
        events.session_id,
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
    inner join sessions on events.session_id = sessions.session_id

)

select * from final
