with

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

conformed as (

    select
        order_id,
        customer_id,
        nullif(user_id, '') as user_id,
        email_hash,
        created_at as ordered_at,
        financial_status as status,
        cancelled_at is not null as is_cancelled,
        cancelled_at,
        currency,
        is_test,
        total_shipping as shipping_source,
        country,
        updated_at,
        source_name
    from orders

)

select * from conformed
