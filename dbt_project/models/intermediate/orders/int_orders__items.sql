{{ config(materialized='table') }}
{# One line per shop. A line has no time of its own and counts when its order does. #}
with

unioned as (

    select * from {{ ref('int_orders__shopify_items') }}
    union all by name
    select * from {{ ref('stg_mapped__order_items') }}

),

orders as (

    select * from {{ ref('int_orders__orders') }}

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
