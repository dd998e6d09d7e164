{# The growth model of Duolingo: a week of 7 days and a month of 30, looking back from the day itself. #}
{% set week_days, month_days = var('states_week_days', 7), var('states_month_days', 30) %}
{# The last state of a person has no end here, so that a day that passes changes no row. #}
{{ config(materialized='slices', key='person_id') }}
{% call reach() %}
    select person_id from {{ changes('int_retention__person_days') }}
{% endcall %}
with

days as (

    select
        activity,
        person_id,
        active_date,
        active_date - lag(active_date) over history as days_away,
        lead(active_date) over history - 1 as last_day
    from {{ sliced(ref('int_retention__person_days'), 'person_id') }}
    where activity in ('session', 'order')
    window history as (partition by activity, person_id order by active_date)

),

spans as (

    select
        activity,
        person_id,
        case
            when days_away is null then 'new'
            when days_away <= {{ week_days }} then 'current'
            when days_away <= {{ month_days }} then 'reactivated'
            else 'resurrected'
        end as state,
        active_date as first_day,
        active_date as last_day
    from days
    union all
    select
        activity,
        person_id,
        'at_risk_wau' as state,
        active_date + 1,
        least(active_date + {{ week_days - 1 }}, coalesce(last_day, active_date + {{ week_days - 1 }}))
    from days
    union all
    select
        activity,
        person_id,
        'at_risk_mau' as state,
        active_date + {{ week_days }},
        least(active_date + {{ month_days - 1 }}, coalesce(last_day, active_date + {{ month_days - 1 }}))
    from days
    union all
    select activity, person_id, 'dormant' as state, active_date + {{ month_days }}, last_day
    from days

),

activity_states as (

    select * from spans
    where last_day is null or first_day <= last_day

)

select * from activity_states
