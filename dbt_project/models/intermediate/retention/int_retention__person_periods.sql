{% set grains = ['week', 'month'] %}
{{ config(materialized='slices', key='person_id') }}
{% call reach() %}
    select person_id from {{ changes('int_retention__person_days') }}
{% endcall %}
with

person_days as (

    select * from {{ sliced(ref('int_retention__person_days'), 'person_id') }}

),

by_grain as (

    {% for grain in grains -%}
    select distinct
        '{{ grain }}' as period_grain,
        activity,
        person_id,
        {{ retention_period('active_date', retention_of_marts(grain)) }} as period
    from person_days
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

person_periods as (

    select
        *,
        lag(period) over history as period_before,
        lead(period) over history as period_after
    from by_grain
    window history as (partition by period_grain, activity, person_id order by period)

)

select * from person_periods
