{# Money that came in: a sale, or the capture of an authorisation. #}
with

payments as (

    select * from {{ ref('stg_shopify__payments') }}

),

conformed as (

    select
        payment_id,
        order_id,
        processed_at as paid_at,
        gateway as method,
        amount as amount_source,
        currency,
        source_name
    from payments
    where kind in ('sale', 'capture')

)

select * from conformed
