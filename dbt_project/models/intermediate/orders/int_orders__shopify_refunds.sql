with

refunds as (

    select * from {{ ref('stg_shopify__refunds') }}

),

conformed as (

    select
        refund_id,
        order_id,
        refunded_at,
        amount as amount_source,
        currency,
        source_name
    from refunds

)

select * from conformed
