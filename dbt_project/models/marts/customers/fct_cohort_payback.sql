{# All channels of a cohort together: spend that no customer's channel carries has to be earned back too. #}
with

months as (

    select
        cohort,
        cohort_start,
        month_index,
        sum(customers) as customers,
        sum(cumulative_margin) as cumulative_margin,
        sum(acquisition_spend) as acquisition_spend
    from {{ ref('fct_cohort_revenue') }}
    group by cohort, cohort_start, month_index

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
