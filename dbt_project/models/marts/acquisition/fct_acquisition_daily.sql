{% set window_days = [var('orders_days'), var('ads_days'), var('lookback_days')] | max %}
with

spend as (

    select date_day, channel, channel_class, spend
    from {{ ref('fct_ad_performance_daily') }}

),

costs as (

    select date_day, channel, cost as non_media_cost
    from {{ ref('int_acquisition__costs_daily') }}
    where date_day <= {{ as_of_date() }}

),

orders as (

    select
        order_date as date_day,
        channel,
        channel_class,
        1 as orders,
        case when is_first_order then 1 else 0 end as new_customers,
        revenue_gross - revenue_cancelled as revenue_net
    from {{ ref('fct_orders') }}

),

refunds as (

    select refund_date as date_day, channel, channel_class, -refunds as revenue_net
    from {{ ref('fct_refunds') }}

),

credits as (

    select
        credits.touch_date as date_day,
        credits.channel,
        credits.channel_class,
        credits.attributed_revenue,
        case when orders.is_first_order then credits.attributed_conversions else 0 end as attributed_new_customers
    from {{ ref('fct_attribution') }} as credits
    inner join {{ ref('fct_orders') }} as orders on credits.conversion_id = orders.order_id
    where credits.conversion_kind = 'order' and credits.attribution_model = '{{ var("default_attribution_model") }}'

),

everything as (

    select * from spend
    union all by name
    select * from costs
    union all by name
    select * from orders
    union all by name
    select * from refunds
    union all by name
    select * from credits

),

final as (

    select
        date_day,
        channel,
        max(max(channel_class)) over (partition by channel) as channel_class,
        {{ money('coalesce(sum(spend), 0)') }} as spend,
        {{ money('coalesce(sum(non_media_cost), 0)') }} as non_media_cost,
        cast(coalesce(sum(new_customers), 0) as bigint) as new_customers,
        cast(coalesce(sum(orders), 0) as bigint) as orders,
        {{ money('coalesce(sum(revenue_net), 0)') }} as revenue_net,
        {{ money('coalesce(sum(attributed_new_customers), 0)') }} as attributed_new_customers,
        {{ money('coalesce(sum(attributed_revenue), 0)') }} as attributed_revenue,
        {{ maturity('date_day', window_days, needs=['ads', 'orders', 'web']) }} as maturity
    from everything
    group by date_day, channel

)

select * from final
