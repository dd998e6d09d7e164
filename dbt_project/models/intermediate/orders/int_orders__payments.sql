{# One line per shop. A payment without a time counts when its order was placed. #}
with

unioned as (

    select * from {{ ref('int_orders__shopify_payments') }}
    union all by name
    select * from {{ ref('stg_mapped__payments') }}

),

orders as (

    select * from {{ ref('int_orders__orders') }}

),

conformed as (

    select
        unioned.payment_id,
        unioned.order_id,
        coalesce(unioned.paid_at, orders.ordered_at) as paid_at,
        {{ local_date('coalesce(unioned.paid_at, orders.ordered_at)') }} as payment_date,
        unioned.method,
        unioned.amount_source,
        coalesce(unioned.currency, orders.currency) as currency,
        unioned.source_name
    from unioned
    inner join orders
        on unioned.source_name = orders.source_name and unioned.order_id = orders.order_id
    where {{ before_as_of('unioned.paid_at') }}

)

select * from conformed
