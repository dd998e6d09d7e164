{# One line per source of posts. #}
with

unioned as (

    select * from {{ ref('stg_social__posts') }}
    union all by name
    select * from {{ ref('stg_mapped__social_posts') }}

),

conformed as (

    select
        snapshot_date,
        lower(platform) as platform,
        account_id,
        post_id,
        published_at,
        format,
        title,
        reach,
        impressions,
        likes,
        comments,
        shares,
        saves,
        video_seconds,
        followers_gained,
        source_name
    from unioned
    where snapshot_date <= {{ as_of_date() }}

)

select * from conformed
