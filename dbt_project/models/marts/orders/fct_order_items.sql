{{ config(materialized='slices', key='order_id') }}
{% call reach() %}
    select order_id from {{ changes('int_money__order_items') }}
    union all
    select order_id from {{ changes('fct_orders') }}
{% endcall %}
with

items as (

    select * from {{ sliced(ref('int_money__order_items'), 'order_id') }}

),

orders as (

    select source_name, order_id, channel, channel_class, segment, maturity
    from {{ sliced(ref('fct_orders'), 'order_id') }}

),

final as (

    select
        items.order_item_id,
        items.order_id,
        items.source_name,
        items.person_id,
        items.order_date,
        items.product_id,
        items.product_category,
        cast(items.quantity as bigint) as quantity,
        items.revenue_gross,
        {{ money('case when items.is_cancelled then items.revenue_gross else items.revenue_gross * 0 end') }}
            as revenue_cancelled,
        {{ money('case when items.is_cancelled then items.cost * 0 else items.cost end') }} as cost,
        orders.channel,
        orders.channel_class,
        orders.segment,
        items.currency,
        items.cohort,
        orders.maturity
    from items
    inner join orders
        on items.source_name = orders.source_name and items.order_id = orders.order_id

)

select * from final
