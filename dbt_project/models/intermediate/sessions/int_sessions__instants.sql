{# A table of its own, so that the engine knows how few instants there are before it joins events to them. #}
{{ config(materialized='slices', key='visitor_id') }}
{% call reach() %}select key from {{ reach_of('int_sessions__events') }}{% endcall %}
with

sessions as (

    select * from {{ sliced(ref('int_sessions__sums'), 'visitor_id') }}

),

instants as (

    select visitor_id, session_clock_at, session_started_at as instant_at, session_started_at, page_at, origin_at
    from sessions
    union all
    select visitor_id, session_clock_at, page_at, session_started_at, page_at, origin_at from sessions
    where page_at > session_started_at
    union all
    select visitor_id, session_clock_at, origin_at, session_started_at, page_at, origin_at from sessions
    where origin_at > session_started_at and origin_at is distinct from page_at

)

select * from instants
