with

source as (

    {{ current_version(source('mapped', 'campaign_calendar'), ['_source_name', 'campaign_id']) }}

),

renamed as (

    select
        -- ids
        campaign_id,

        -- dimensions
        name,
        name_zh,
        kind,
        channel,
        currency,
        goal,
        owner,

        -- measures
        cost as cost_source,

        -- dates
        starts_on,
        ends_on,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
