with

source as (

    {{ current_version(source('wordpress', 'posts'), ['content_id'], 'updated_at') }}

),

renamed as (

    select
        -- ids
        cast(content_id as varchar) as content_id,

        -- dimensions
        slug,
        url,
        title,
        author_name,
        topic,
        format,
        status,
        is_ai_made,

        -- measures
        cast(cost as decimal(38, 6)) as cost,

        -- dates
        {{ local_to_utc('published_at') }} as published_at,
        {{ local_to_utc('updated_at') }} as updated_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
