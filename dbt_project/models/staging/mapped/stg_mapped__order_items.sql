with

source as (

    {{ current_version(source('mapped', 'order_items'), ['_source_name', 'order_item_id']) }}

),

renamed as (

    select
        -- ids
        order_item_id,
        order_id,
        product_id,

        -- dimensions
        currency,

        -- measures
        quantity,
        gross as gross_source,
        discount as discount_source,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
