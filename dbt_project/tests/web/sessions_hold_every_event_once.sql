{# Conservation (X2): events in sessions are the events that are not the company's own traffic. #}
with

events as (

    select count(*) as events from {{ ref('int_web__events') }}
    where not coalesce(is_internal, false)

),

sessions as (

    select coalesce(sum(events), 0) as events from {{ ref('fct_sessions') }}

)

select events.events, sessions.events as events_in_sessions
from events
cross join sessions
where events.events <> sessions.events
