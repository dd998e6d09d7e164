{# Refunds count with their order here, so that a cohort's revenue stays its own; months without an order have a row. #}
with

orders as (

    select
        *,
        cast(date_trunc('month', order_date) as date) as order_month,
        cast(cohort || '-01' as date) as cohort_start
    from {{ ref('fct_orders') }}

),

customers_of_cohort as (

    select cohort_start, count(distinct person_id) as customers
    from orders
    group by cohort_start

),

spend_of_month as (

    select
        cast(date_trunc('month', date_day) as date) as cohort_start,
        sum(spend) as acquisition_spend,
        sum(spend + non_media_cost) as acquisition_cost
    from {{ ref('fct_acquisition_daily') }}
    group by 1
    having sum(spend + non_media_cost) <> 0

),

cohorts as (

    select
        cohort_start,
        coalesce(customers_of_cohort.customers, 0) as customers,
        coalesce(spend_of_month.acquisition_spend, 0) as acquisition_spend,
        coalesce(spend_of_month.acquisition_cost, 0) as acquisition_cost
    from customers_of_cohort
    full outer join spend_of_month using (cohort_start)

),

months as (

    select
        *,
        unnest(range(0, date_diff('month', cohort_start, {{ as_of_date() }}) + 1)) as month_index
    from cohorts

),

revenue as (

    select
        cohort_start,
        date_diff('month', cohort_start, order_month) as month_index,
        sum(revenue_net) as revenue_net,
        sum(gross_margin) as gross_margin
    from orders
    group by 1, 2

),

cumulated as (

    select
        months.*,
        coalesce(sum(revenue.revenue_net) over so_far, 0) as cumulative_revenue_net,
        sum(revenue.gross_margin) over so_far as cumulative_margin,
        cast(months.cohort_start + to_months(cast(months.month_index + 1 as integer)) - interval 1 day as date)
            as last_day
    from months
    left join revenue
        on months.cohort_start = revenue.cohort_start and months.month_index = revenue.month_index
    window so_far as (partition by months.cohort_start order by months.month_index)

),

final as (

    select
        strftime(cohort_start, '%Y-%m') as cohort,
        cohort_start,
        month_index,
        customers,
        {{ money('cumulative_revenue_net') }} as cumulative_revenue_net,
        {{ money('cumulative_margin') }} as cumulative_margin,
        {{ money('acquisition_spend') }} as acquisition_spend,
        {{ money('acquisition_cost') }} as acquisition_cost,
        {{ maturity('last_day', var('orders_days'), needs=['orders']) }} as maturity
    from cumulated

)

select * from final
