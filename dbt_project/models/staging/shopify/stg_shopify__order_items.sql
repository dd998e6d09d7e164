with

orders as (

    select * from {{ ref('stg_shopify__orders') }}

),

exploded as (

    select
        order_id,
        currency,
        source_name,
        {{ explode('line_items') }} as line_item
    from orders

),

renamed as (

    select
        -- ids
        cast(line_item.id as varchar) as order_item_id,
        order_id,
        cast(line_item.product_id as varchar) as product_id,

        -- dimensions
        line_item.title as title,
        currency,

        -- measures
        line_item.quantity as quantity,
        cast(line_item.price as decimal(38, 6)) as price,
        cast(line_item.total_discount as decimal(38, 6)) as total_discount,

        -- where it came from
        source_name

    from exploded

)

select * from renamed
