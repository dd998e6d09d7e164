{# Every cell from the cohort's own period to the present one has a row: nobody back is 0, not absent (R4). #}
{% set grains = ['week', 'month'] %}
{% set topics = {'session': 'web', 'order': 'orders'} %}
with

cells as (

    {% for activity, topic in topics.items() %}{% set last_activity = loop.last %}{% for grain in grains -%}
    {% set days = "(select person_id, active_date from " ~ ref('int_retention__person_days') ~ " where activity = '" ~ activity ~ "')" %}
    select '{{ grain }}' as cohort_grain, '{{ activity }}' as activity, of_grain.*
    from (
        {{ retention_cells(days, days, retention_of_marts(grain, [topic])) }}
    ) as of_grain
    {% if not (last_activity and loop.last) %}union all{% endif %}
    {% endfor %}{% endfor %}
),

final as (

    select
        cohort_grain,
        cohort_start,
        activity,
        period_index,
        cohort_persons,
        previous_persons,
        retained_persons,
        maturity
    from cells

)

select * from final
