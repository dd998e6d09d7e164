with

source as (

    {{ current_version(source('mapped', 'web_events'), ['_source_name', 'event_id']) }}

),

renamed as (

    select
        -- ids
        event_id,
        visitor_id,
        user_id,
        click_id,
        order_id,

        -- dimensions
        event_name,
        page_host,
        page_path,
        page_title,
        referrer_host,
        source,
        medium,
        campaign,
        content,
        term,
        device,
        country,
        is_internal,
        browser,
        user_agent,

        -- measures
        engaged_seconds,

        -- dates
        event_at,
        _time_flags as time_flags,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
