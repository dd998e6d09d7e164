with

source as (

    {{ current_version(source('social', 'posts'), ['snapshot_date', 'platform', 'post_id']) }}

),

renamed as (

    select
        -- ids
        cast(account_id as varchar) as account_id,
        cast(post_id as varchar) as post_id,

        -- dimensions
        platform,
        format,
        title,

        -- measures
        reach,
        impressions,
        likes,
        comments,
        shares,
        saves,
        video_seconds,
        followers_gained,

        -- dates
        cast(snapshot_date as date) as snapshot_date,
        published_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
