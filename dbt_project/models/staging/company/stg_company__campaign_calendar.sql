with

source as (

    {{ current_version(source('company', 'campaign_calendar'), ['campaign_id']) }}

),

renamed as (

    select
        -- ids
        cast(campaign_id as varchar) as campaign_id,

        -- dimensions
        name,
        name_zh,
        kind,
        channel,
        goal,
        owner,
        currency,

        -- measures
        cast(cost as decimal(38, 6)) as cost_source,

        -- dates
        cast(starts_on as date) as starts_on,
        cast(ends_on as date) as ends_on,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
