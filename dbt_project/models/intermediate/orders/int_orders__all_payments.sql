{# One line per shop. A payment without a time counts when its order was placed. #}
{{ config(materialized='slices', key='order_id') }}
{% call reach() %}
    select order_id from {{ changes('int_orders__orders') }}
    union all
    select order_id from {{ arriving(ref('int_orders__shopify_payments')) }}
    union all
    select order_id from {{ arriving(ref('stg_mapped__payments')) }}
    union all
    select order_id from {{ this }}
    where payment_id in (select payment_id from {{ arriving(ref('stg_mapped__payments')) }})
{% endcall %}
with

unioned as (

    select * from {{ sliced(ref('int_orders__shopify_payments'), 'order_id') }}
    union all by name
    select * from {{ sliced(ref('stg_mapped__payments'), 'order_id') }}

),

orders as (

    select * from {{ sliced(ref('int_orders__orders'), 'order_id') }}

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

)

select * from conformed
