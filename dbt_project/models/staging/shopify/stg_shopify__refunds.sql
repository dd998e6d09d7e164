with

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

exploded as (

    select
        order_id,
        currency,
        source_name,
        {{ explode('refunds') }} as refund
    from orders

),

renamed as (

    select
        -- ids
        cast(refund.id as varchar) as refund_id,
        order_id,

        -- dimensions
        currency,

        -- measures
        cast(refund.amount as decimal(38, 6)) as amount,

        -- dates
        {{ timestamp_from_iso('refund.created_at') }} as refunded_at,

        -- where it came from
        source_name

    from exploded

)

select * from renamed
