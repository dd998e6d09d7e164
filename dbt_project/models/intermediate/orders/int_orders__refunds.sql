{# One line per shop. A refund has its own day and its order's currency. #}
with

unioned as (

    select * from {{ ref('int_orders__shopify_refunds') }}
    union all by name
    select * from {{ ref('stg_mapped__refunds') }}

),

orders as (

    select * from {{ ref('int_orders__orders') }}

),

conformed as (

    select
        unioned.refund_id,
        unioned.order_id,
        unioned.refunded_at,
        {{ local_date('unioned.refunded_at') }} as refund_date,
        unioned.amount_source,
        coalesce(unioned.currency, orders.currency) as currency,
        unioned.source_name
    from unioned
    inner join orders
        on unioned.source_name = orders.source_name and unioned.order_id = orders.order_id
    where {{ before_as_of('unioned.refunded_at') }}

)

select * from conformed
