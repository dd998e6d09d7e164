with

source as (

    {{ current_version(source('mapped', 'mentions'), ['_source_name', 'mention_id']) }}

),

renamed as (

    select
        -- ids
        mention_id,

        -- dimensions
        platform,
        language,
        text,
        brand,
        sentiment,

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
