with

source as (

    {{ current_version(source('mapped', 'social_posts'), ['_source_name', 'snapshot_date', 'platform', 'post_id']) }}

),

renamed as (

    select
        -- ids
        account_id,
        post_id,

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
        snapshot_date,
        published_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
