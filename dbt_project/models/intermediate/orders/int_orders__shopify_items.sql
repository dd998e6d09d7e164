with

items as (

    select * from {{ ref('stg_shopify__order_items') }}

),

conformed as (

    select
        order_item_id,
        order_id,
        product_id,
        quantity,
        cast(price * quantity - coalesce(total_discount, 0) as decimal(38, 6)) as gross_source,
        coalesce(total_discount, 0) as discount_source,
        currency,
        source_name
    from items

)

select * from conformed
