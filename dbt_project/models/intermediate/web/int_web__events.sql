with

events as (

    select * from {{ ref('int_web__all_events') }}
    where {{ before_as_of('event_at') }}

)

select * from events
