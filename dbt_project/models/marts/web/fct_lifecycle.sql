{% set grains = ['week', 'month'] %}
with

person_periods as (

    select * from {{ ref('int_retention__person_periods') }}

),

active as (

    select
        period_grain,
        activity,
        period,
        count(*) as active_persons,
        count(*) filter (where period_before is null) as new_persons,
        count(*) filter (where period_before = period - 1) as returning_persons,
        count(*) filter (where period_before < period - 1) as resurrected_persons
    from person_periods
    group by period_grain, activity, period

),

gone as (

    select period_grain, activity, period + 1 as period, count(*) as dormant_persons
    from person_periods
    where period_after is null or period_after > period + 1
    group by period_grain, activity, period

),

periods as (

    {% for grain in grains -%}
    {% set question = retention_of_marts(grain) %}
    select
        period_grain,
        activity,
        period,
        {{ retention_first_day('period', question) }} as period_start,
        {{ retention_first_day('period + 1', question) }} - 1 as period_ends_on
    from (
        select
            period_grain,
            activity,
            unnest(range(min(period), {{ retention_period(as_of_date(), question) }} + 1)) as period
        from person_periods
        where period_grain = '{{ grain }}'
        group by period_grain, activity
    ) as of_{{ grain }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (

    select
        periods.period_grain,
        periods.activity,
        periods.period_start,
        periods.period_ends_on,
        coalesce(active.active_persons, 0) as active_persons,
        coalesce(active.new_persons, 0) as new_persons,
        coalesce(active.returning_persons, 0) as returning_persons,
        coalesce(active.resurrected_persons, 0) as resurrected_persons,
        coalesce(gone.dormant_persons, 0) as dormant_persons
    from periods
    left join active using (period_grain, activity, period)
    left join gone using (period_grain, activity, period)

),

final as (

    select
        period_grain,
        period_start,
        activity,
        active_persons,
        coalesce(lag(active_persons) over (partition by period_grain, activity order by period_start), 0)
            as previous_active_persons,
        new_persons,
        returning_persons,
        resurrected_persons,
        dormant_persons,
        {{ maturity('period_ends_on', var('web_days', 3), needs=['lifecycle']) }} as maturity
    from counted

)

select * from final
