{# All but what a traffic rule removed (I10). #}
with

counted as (

    select events.*
    from {{ ref('int_web__events') }} as events
    anti join {{ ref('int_traffic__removed') }} as removed on events.event_id = removed.event_id

)

select * from counted
