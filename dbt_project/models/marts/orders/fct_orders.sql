{%- set maturity_now = maturity('order_date', var('orders_days'), needs=['orders', 'web']) -%}
{{ config(materialized='slices', key='order_id') }}
{% call reach() %}
    {%- for name in ['int_customers__orders', 'int_orders__channel', 'int_money__order_items', 'int_money__refunds'] %}
    select order_id from {{ changes(name) }}
    union all
    {%- endfor %}
    select order_id from {{ ref('int_customers__orders') }}
    where order_date in (select date_day from {{ changes('int_money__fx_daily') }})
    union all
    select order_id from {{ this }} where maturity is distinct from {{ maturity_now }}
{% endcall %}
with

orders as (

    select * from {{ sliced(ref('int_customers__orders'), 'order_id') }}

),

channels as (

    select * from {{ sliced(ref('int_orders__channel'), 'order_id') }}

),

fx as (

    select * from {{ ref('int_money__fx_daily') }}

),

items_of_order as (

    select
        source_name,
        order_id,
        cast(sum(quantity) as bigint) as items,
        sum(revenue_gross) as revenue_gross,
        case when count(cost) = count(*) then sum(cost) end as cost
    from {{ sliced(ref('int_money__order_items'), 'order_id') }}
    group by source_name, order_id

),

refunds_of_order as (

    select source_name, order_id, sum(refunds) as refunds
    from {{ sliced(ref('int_money__refunds'), 'order_id') }}
    group by source_name, order_id

),

measured as (

    select
        orders.*,
        coalesce(channels.channel, 'no_session') as channel,
        channels.channel_class,
        channels.campaign,
        channels.source,
        channels.medium,
        channels.landing_page,
        channels.device,
        coalesce(channels.country, orders.country) as session_country,
        coalesce(items_of_order.items, 0) as items,
        case when fx.rate is not null then coalesce(items_of_order.revenue_gross, 0) end as gross,
        coalesce(refunds_of_order.refunds, 0) as refunds,
        case when orders.is_cancelled then items_of_order.cost * 0 else items_of_order.cost end as cost,
        {{ to_reporting('cast(coalesce(orders.shipping_source, 0) as decimal(20, 6))', 'fx.rate') }} as shipping,
        fx.rate_date as fx_rate_date,
        fx.rate is null as is_fx_missing
    from orders
    left join channels on orders.order_id = channels.order_id
    left join fx on orders.order_date = fx.date_day and orders.currency = fx.currency
    left join items_of_order
        on orders.source_name = items_of_order.source_name and orders.order_id = items_of_order.order_id
    left join refunds_of_order
        on orders.source_name = refunds_of_order.source_name and orders.order_id = refunds_of_order.order_id

),

final as (

    select
        order_id,
        source_name,
        person_id,
        customer_id,
        ordered_at,
        order_date,
        time_flags,
        order_number,
        order_number = 1 as is_first_order,
        status,
        is_cancelled,
        channel,
        channel_class,
        campaign,
        source,
        medium,
        landing_page,
        device,
        session_country as country,
        currency,
        items,
        {{ money('gross') }} as revenue_gross,
        {{ money('case when is_cancelled then gross else gross * 0 end') }} as revenue_cancelled,
        {{ money('refunds') }} as refunds,
        {{ money('case when is_cancelled then gross * 0 else gross end - refunds') }} as revenue_net,
        {{ money('cost') }} as cost,
        {{ money('case when is_cancelled then gross * 0 else gross end - refunds - cost') }} as gross_margin,
        shipping,
        fx_rate_date,
        is_fx_missing,
        cost is null as is_cost_missing,
        cohort,
        segment,
        {{ maturity_now }} as maturity
    from measured

)

select * from final
