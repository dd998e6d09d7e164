with

source as (

    {{ current_version(
        source('mapped', 'search_performance'),
        ['_source_name', 'date_day', 'query', 'page', 'country', 'device']
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
        date_day,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
