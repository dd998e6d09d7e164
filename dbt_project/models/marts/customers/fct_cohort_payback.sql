with

months as (

    select * from {{ ref('fct_cohort_revenue') }}

),

cohorts as (

    select
        cohort,
        cohort_start,
        cast(max(customers) as bigint) as customers,
        cast(max(acquisition_spend) as decimal(38, 6)) as acquisition_spend,
        cast(min(case when acquisition_spend > 0 and cumulative_margin >= acquisition_spend then month_index end) as bigint)
            as payback_months
    from months
    group by cohort, cohort_start

)

select * from cohorts
