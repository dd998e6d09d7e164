with

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

exploded as (

    select
        order_id,
        currency,
        source_name,
        {{ explode('transactions') }} as payment
    from orders

),

renamed as (

    select
        -- ids
        cast(payment.id as varchar) as payment_id,
        order_id,

        -- dimensions
        payment.kind as kind,
        payment.gateway as gateway,
        currency,

        -- measures
        cast(payment.amount as decimal(38, 6)) as amount,

        -- dates
        {{ timestamp_from_iso('payment.processed_at') }} as processed_at,

        -- where it came from
        source_name

    from exploded

)

select * from renamed
