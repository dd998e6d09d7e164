with

source as (

    {{ current_version(source('listening', 'mentions'), ['mention_id']) }}

),

renamed as (

    select
        -- ids
        cast(mention_id as varchar) as mention_id,

        -- dimensions
        platform,
        language,
        brand,
        sentiment,
        text,
        url,

        -- measures
        reach,

        -- dates
        published_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
