{# One line per source of mentions. #}
with

unioned as (

    select * from {{ ref('stg_listening__mentions') }}
    union all by name
    select * from {{ ref('stg_mapped__mentions') }}

),

conformed as (

    select
        mention_id,
        published_at,
        {{ local_date('published_at') }} as mention_date,
        lower(platform) as platform,
        language,
        text,
        brand,
        reach,
        sentiment,
        source_name
    from unioned
    where {{ before_as_of('published_at') }}

)

select * from conformed
