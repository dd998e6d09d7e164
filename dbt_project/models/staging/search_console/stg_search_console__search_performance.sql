with

source as (

    {{ current_version(
        source('search_console', 'search_performance'),
        ['date', 'query', 'page', 'country', 'device']
    ) }}

),

renamed as (

    select
        -- dimensions
        query,
        page,
        country,
        device,

        -- measures
        clicks,
        impressions,
        position,

        -- dates
        cast(date as date) as date_day,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
