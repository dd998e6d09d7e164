with

activities as (

    select distinct 'session' as activity, person_id, session_date as active_date
    from {{ ref('int_sessions__resolved') }}
    union all
    select distinct 'order' as activity, person_id, order_date as active_date from {{ ref('int_customers__orders') }}

),

by_grain as (

    select 'week' as cohort_grain, activity, person_id, {{ week_start_of('active_date') }} as period_start
    from activities
    union
    select 'month' as cohort_grain, activity, person_id, cast(date_trunc('month', active_date) as date) as period_start
    from activities

),

with_cohort as (

    select *, min(period_start) over (partition by cohort_grain, activity, person_id) as cohort_start
    from by_grain
    where person_id is not null and period_start is not null

),

person_periods as (

    select
        *,
        case cohort_grain
            when 'week' then (period_start - cohort_start) // 7
            else date_diff('month', cohort_start, period_start)
        end as period_index
    from with_cohort

)

select * from person_periods
