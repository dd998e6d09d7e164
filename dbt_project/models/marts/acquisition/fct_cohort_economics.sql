{# What a month's new customers of a channel cost and have earned since (A3), realised and predicted apart. A channel's
   customers are those whose first order came through it; its cost is that of the same month. #}
{% set month_days = 30.4375 %}
with

customers as (

    select
        *,
        acquisition_channel as channel,
        cast(cohort || '-01' as date) as cohort_start
    from {{ ref('dim_customers') }}

),

customers_of_cohort as (

    select
        cohort_start,
        channel,
        count(*) as customers,
        sum(revenue_net) as revenue_net,
        sum(gross_margin) as margin,
        count(ltv_expected) as customers_valued,
        sum(cast(ltv_expected as decimal(20, 6))) as margin_expected
    from customers
    group by cohort_start, channel

),

costs as (

    select
        cast(date_trunc('month', date_day) as date) as cohort_start,
        channel,
        sum(spend) as acquisition_spend,
        sum(spend + non_media_cost) as acquisition_cost
    from {{ ref('fct_acquisition_daily') }}
    group by 1, 2
    having sum(spend + non_media_cost) <> 0

),

margins as (

    select
        customers.cohort_start,
        customers.channel,
        date_diff('month', customers.cohort_start, orders.order_date) as month_index,
        sum(orders.gross_margin) as margin
    from {{ ref('fct_orders') }} as orders
    inner join customers on orders.person_id = customers.person_id
    group by 1, 2, 3

),

so_far as (

    select
        *,
        sum(margin) over (partition by cohort_start, channel order by month_index) as cumulative_margin
    from margins

),

paid_back as (

    select so_far.cohort_start, so_far.channel, min(so_far.month_index) as payback_months
    from so_far
    inner join costs on so_far.cohort_start = costs.cohort_start and so_far.channel = costs.channel
    where costs.acquisition_spend > 0 and so_far.cumulative_margin >= costs.acquisition_spend
    group by 1, 2

),

joined as (

    select
        *,
        cast(cohort_start + interval 1 month - interval 1 day as date) as last_day,
        acquisition_spend - margin as still_to_earn
    from customers_of_cohort
    full outer join costs using (cohort_start, channel)
    left join paid_back using (cohort_start, channel)

),

final as (

    select
        strftime(cohort_start, '%Y-%m') as cohort,
        cohort_start,
        channel,
        coalesce(customers, 0) as customers,
        {{ money('coalesce(acquisition_spend, 0)') }} as acquisition_spend,
        {{ money('coalesce(acquisition_cost, 0)') }} as acquisition_cost,
        {{ money('coalesce(revenue_net, 0)') }} as revenue_net,
        {{ money('margin') }} as margin_realised,
        coalesce(customers_valued, 0) as customers_valued,
        {{ money('margin_expected') }} as margin_expected,
        cast(payback_months as bigint) as payback_months,
        cast(case
            when payback_months is not null then payback_months
            when acquisition_spend > 0 and margin_expected > 0 and still_to_earn <= margin_expected
                then date_diff('month', cohort_start, {{ as_of_date() }})
                    + ceil(cast(still_to_earn as double) / cast(margin_expected as double)
                        * {{ var('horizon_days') }} / {{ month_days }})
        end as bigint) as payback_months_predicted,
        {{ maturity('last_day', var('orders_days'), needs=['orders', 'ads']) }} as maturity
    from joined

)

select * from final
