{# An order's present day gives the rate, so that a version without its order's day has one too. #}
{{ config(materialized='slices', key='order_id') }}
{% call reach() %}
    select order_id from {{ changes('int_history__order_items') }}
    union all
    select order_id from {{ changes('int_orders__orders') }}
    union all
    select order_id from {{ ref('int_orders__orders') }}
    where order_date in (select date_day from {{ changes('int_money__fx_daily') }})
    union all
    select order_id from {{ ref('int_history__order_items') }}
    where product_id in (select product_id from {{ changes('int_orders__products') }})
{% endcall %}
with

items as (

    select * from {{ sliced(ref('int_history__order_items'), 'order_id') }}

),

orders as (

    select source_name, order_id, order_date, currency
    from {{ sliced(ref('int_orders__orders'), 'order_id') }}

),

products as (

    select * from {{ ref('int_orders__products') }}

),

fx as (

    select * from {{ ref('int_money__fx_daily') }}

),

final as (

    select
        items.order_item_id,
        items.order_id,
        items.source_name,
        items.product_id,
        products.product_category,
        cast(coalesce(items.quantity, 0) as bigint) as quantity,
        {{ to_reporting('cast(items.gross_source as decimal(20, 6))', 'item_fx.rate') }} as revenue_gross,
        {{ to_reporting(
            'cast(products.unit_cost_source * coalesce(items.quantity, 0) as decimal(20, 6))', 'cost_fx.rate'
        ) }} as cost,
        items.valid_from,
        items.valid_to
    from items
    inner join orders on items.source_name = orders.source_name and items.order_id = orders.order_id
    left join products on items.source_name = products.source_name and items.product_id = products.product_id
    left join fx as item_fx on orders.order_date = item_fx.date_day and orders.currency = item_fx.currency
    left join fx as cost_fx on orders.order_date = cost_fx.date_day and products.currency = cost_fx.currency

)

select * from final
