{# One line per search engine. #}
with

unioned as (

    select * from {{ ref('stg_search_console__search_performance') }}
    union all by name
    select * from {{ ref('stg_mapped__search_performance') }}

),

conformed as (

    select
        date_day,
        query,
        page,
        country,
        lower(device) as device,
        clicks,
        impressions,
        cast(position as double) as position,
        source_name
    from unioned
    where date_day <= {{ as_of_date() }}

)

select * from conformed
