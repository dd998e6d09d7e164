with

performance as (

    select * from {{ ref('int_search__performance') }}

),

own_brands as (

    select lower(brand) as brand from {{ source('workspace', 'brands') }}
    where is_own

),

brand_queries as (

    select distinct performance.query
    from performance
    inner join own_brands on contains(lower(performance.query), own_brands.brand)

),

{# An average position is weighted by impressions, so its weighted sum is kept (I8). #}
search_performance as (

    select
        {{ surrogate_key(['performance.source_name', 'date_day', 'performance.query', 'page', 'country', 'device']) }}
            as search_performance_id,
        date_day,
        performance.query,
        page,
        {{ url_path('page') }} as page_path,
        country,
        device,
        brand_queries.query is not null as is_brand,
        clicks,
        impressions,
        position,
        cast(position * impressions as double) as weighted_position,
        {{ maturity('date_day', var('web_days', 3)) }} as maturity
    from performance
    left join brand_queries on performance.query = brand_queries.query

)

select * from search_performance
