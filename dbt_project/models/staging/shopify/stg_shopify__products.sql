with

source as (

    {{ current_version(source('shopify', 'products'), ['product_id'], 'updated_at') }}

),

renamed as (

    select
        -- ids
        cast(product_id as varchar) as product_id,

        -- dimensions
        title,
        category,
        currency,

        -- measures
        cast(price as decimal(38, 6)) as price,
        cast(unit_cost as decimal(38, 6)) as unit_cost,

        -- dates
        updated_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
