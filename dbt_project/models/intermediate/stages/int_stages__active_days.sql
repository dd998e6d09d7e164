{{ config(materialized='slices', key='person_id') }}
{% call reach() %}
    select person_id from {{ changes('fct_sessions') }}
    union all
    select person_id from {{ changes('fct_leads') }}
    union all
    select person_id from {{ changes('int_customers__orders') }}
{% endcall %}
with

sessions as (

    select person_id, session_date as date_day, is_engaged from {{ sliced(ref('fct_sessions'), 'person_id') }}

),

facts as (

    select person_id, date_day, 'sessions' as measure from sessions
    union all
    select person_id, date_day, 'engaged_sessions' as measure from sessions
    where is_engaged
    union all
    select person_id, first_contact_date as date_day, 'leads' as measure from {{ sliced(ref('fct_leads'), 'person_id') }}
    union all
    select person_id, order_date as date_day, 'orders' as measure from {{ sliced(ref('fct_orders'), 'person_id') }}

),

facts_of_day as (

    select person_id, date_day, measure, count(*) as facts
    from facts
    where person_id is not null and date_day <= {{ as_of_date() }}
    group by person_id, date_day, measure

),

so_far as (

    select
        person_id,
        date_day,
        measure,
        sum(facts) over (partition by person_id, measure order by date_day) as facts_so_far
    from facts_of_day

),

reached as (

    select so_far.person_id, so_far.date_day, max(rules.position) as position
    from so_far
    left join {{ ref('stage_rules') }} as rules
        on so_far.measure = rules.measure and so_far.facts_so_far >= rules.at_least
    group by so_far.person_id, so_far.date_day

),

active_days as (

    select
        person_id,
        date_day,
        max(position) over (partition by person_id order by date_day) as position,
        lead(date_day) over (partition by person_id order by date_day) as next_day
    from reached

)

select * from active_days
