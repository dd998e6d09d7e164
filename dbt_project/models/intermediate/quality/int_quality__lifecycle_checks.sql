{# Who was active in a period is back or dormant in the next; a cohort is the sum of its parts (X2). #}
with

lifecycle as (

    select
        'lifecycle_' || period_grain as check_name,
        'all' as source_name,
        activity as stream,
        sum(previous_active_persons) as expected,
        sum(returning_persons) + sum(dormant_persons) as arrived,
        0 as left_out,
        'persons of each period are back or dormant in the next' as explanation
    from {{ ref('fct_lifecycle') }}
    group by period_grain, activity

),

first_periods as (

    select
        'lifecycle_new_' || lifecycle.period_grain as check_name,
        'all' as source_name,
        lifecycle.activity as stream,
        (
            select count(distinct days.person_id) from {{ ref('int_retention__person_days') }} as days
            where days.activity = lifecycle.activity
        ) as expected,
        sum(lifecycle.new_persons) as arrived,
        0 as left_out,
        'each person is new once' as explanation
    from {{ ref('fct_lifecycle') }} as lifecycle
    group by lifecycle.period_grain, lifecycle.activity

),

{# Cells of the whole cohort, each equal to the sum over its channels and categories (R7). #}
first_orders as (

    select
        'cohorts_by_first_order' as check_name,
        'all' as source_name,
        'orders' as stream,
        count(*) as expected,
        count(*) filter (
            where whole.customers = parts.customers
                and whole.cumulative_revenue_net = parts.cumulative_revenue_net
                and whole.cumulative_margin is not distinct from parts.cumulative_margin
        ) as arrived,
        0 as left_out,
        'cohorts and months that equal the sum of their channels and categories' as explanation
    from (
        select * from {{ ref('fct_cohort_revenue') }}
        where customers > 0
    ) as whole
    full outer join (
        select
            cohort,
            month_index,
            sum(customers) as customers,
            sum(cumulative_revenue_net) as cumulative_revenue_net,
            sum(cumulative_margin) as cumulative_margin
        from {{ ref('fct_cohort_revenue_by_first_order') }}
        group by cohort, month_index
    ) as parts using (cohort, month_index)

),

united as (

    {% for check in ['lifecycle', 'first_periods', 'first_orders'] -%}
    select * from {{ check }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from united
