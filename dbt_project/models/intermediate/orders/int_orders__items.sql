{{ config(materialized='slices', key='order_id') }}
{# One line per shop. A line has no time of its own and counts when its order does. #}
{% call reach() %}
    select order_id from {{ changes('int_orders__orders') }}
    union all
    select order_id from {{ arriving(ref('int_orders__shopify_items')) }}
    union all
    select order_id from {{ arriving(ref('stg_mapped__order_items')) }}
    union all
    select order_id from {{ this }}
    where order_item_id in (select order_item_id from {{ arriving(ref('stg_mapped__order_items')) }})
{% endcall %}
with

unioned as (

    select * from {{ sliced(ref('int_orders__shopify_items'), 'order_id') }}
    union all by name
    select * from {{ sliced(ref('stg_mapped__order_items'), 'order_id') }}

),

orders as (

    select * from {{ sliced(ref('int_orders__orders'), 'order_id') }}

),

conformed as (

    select
        unioned.order_item_id,
        unioned.order_id,
        unioned.product_id,
        cast(unioned.quantity as double) as quantity,
        unioned.gross_source,
        coalesce(unioned.discount_source, 0) as discount_source,
        coalesce(unioned.currency, orders.currency) as currency,
        unioned.source_name
    from unioned
    inner join orders
        on unioned.source_name = orders.source_name and unioned.order_id = orders.order_id

)

select * from conformed
