{# Networks give totals so far; a day's figure is the rise since the last snapshot, a correction downwards included. #}
{% set kinds = ['reach', 'impressions', 'likes', 'comments', 'shares', 'saves', 'video_seconds', 'followers_gained'] %}
with

snapshots as (

    select
        platform,
        source_name,
        account_id,
        post_id,
        snapshot_date as date_day,
        format,
        title,
        {{ local_date('published_at') }} as published_date,
        {%- for kind in kinds %}
        coalesce({{ kind }}, 0) as {{ kind }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_social__posts') }}

),

increases as (

    select
        *,
        {%- for kind in kinds %}
        {{ kind }} - lag({{ kind }}, 1, 0) over (partition by platform, post_id order by date_day)
            as {{ kind }}_increase{{ ',' if not loop.last }}
        {%- endfor %}
    from snapshots

),

final as (

    select
        date_day,
        platform,
        source_name,
        account_id,
        post_id,
        format,
        title,
        published_date,
        {%- for kind in ['reach', 'impressions', 'video_seconds', 'followers_gained'] %}
        cast({{ kind }}_increase as bigint) as {{ kind }},
        {%- endfor %}
        cast(likes_increase + comments_increase + shares_increase + saves_increase as bigint) as engagements,
        cast(reach as bigint) as cumulative_reach,
        cast(impressions as bigint) as cumulative_impressions,
        cast(likes + comments + shares + saves as bigint) as cumulative_engagements,
        cast(followers_gained as bigint) as cumulative_followers_gained,
        {{ maturity('date_day') }} as maturity
    from increases

)

select * from final
