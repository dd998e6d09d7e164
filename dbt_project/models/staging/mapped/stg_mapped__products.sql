with

source as (

    {{ current_version(source('mapped', 'products'), ['_source_name', 'product_id'], 'updated_at') }}

),

renamed as (

    select
        -- ids
        product_id,

        -- dimensions
        name,
        product_category,
        currency,

        -- measures
        unit_cost as unit_cost_source,

        -- dates
        updated_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
