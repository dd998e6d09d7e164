with

source as (

    {{ current_version(source('mapped', 'content_items'), ['_source_name', 'content_id'], 'updated_at') }}

),

renamed as (

    select
        -- ids
        content_id,

        -- dimensions
        url_path,
        title,
        author_name,
        topic,
        format,
        status,
        currency,
        is_ai_made,

        -- measures
        cost as cost_source,

        -- dates
        published_at,
        updated_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
