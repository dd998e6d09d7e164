{# Every cell from the cohort's own period to the present one has a row: nobody back is 0, not absent (R4). #}
with

person_periods as (

    select * from {{ ref('int_retention__person_periods') }}

),

cohorts as (

    select
        cohort_grain,
        activity,
        cohort_start,
        count(distinct person_id) as cohort_persons,
        case cohort_grain
            when 'week' then ({{ week_start_of(as_of_date()) }} - cohort_start) // 7
            else date_diff('month', cohort_start, {{ as_of_date() }})
        end as last_index
    from person_periods
    group by all

),

retained as (

    select cohort_grain, activity, cohort_start, period_index, count(*) as retained_persons
    from person_periods
    group by all

),

cells as (

    select cohorts.*, unnest(range(0, last_index + 1)) as period_index from cohorts

),

with_last_day as (

    select
        *,
        case cohort_grain
            when 'week' then cohort_start + cast(7 * period_index + 6 as integer)
            else cast(cohort_start + (period_index + 1) * interval '1 month' as date) - 1
        end as period_ends_on
    from cells

),

filled as (

    select
        cells.cohort_grain,
        cells.cohort_start,
        cells.activity,
        cast(cells.period_index as integer) as period_index,
        cells.cohort_persons,
        coalesce(retained.retained_persons, 0) as retained_persons,
        {{ maturity('cells.period_ends_on', var('web_days', 3)) }} as maturity
    from with_last_day as cells
    left join retained using (cohort_grain, activity, cohort_start, period_index)

)

select * from filled
