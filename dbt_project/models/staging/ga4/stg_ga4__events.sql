with

source as (

    {{ current_version(
        source('ga4', 'events'),
        ['user_pseudo_id', 'event_timestamp', 'event_name', 'event_bundle_sequence_id', 'batch_event_index']
    ) }}

),

renamed as (

    select
        -- ids
        user_pseudo_id,
        user_id,
        event_timestamp,
        event_bundle_sequence_id,
        batch_event_index,
        ecommerce.transaction_id as transaction_id,

        -- event
        event_name,
        {{ event_param('page_location') }} as page_location,
        {{ event_param('page_referrer') }} as page_referrer,
        {{ event_param('page_title') }} as page_title,
        {{ event_param('traffic_type') }} as traffic_type,
        {{ event_param('engagement_time_msec', 'int_value') }} as engagement_time_msec,

        -- campaign
        collected_traffic_source.manual_source as manual_source,
        collected_traffic_source.manual_medium as manual_medium,
        collected_traffic_source.manual_campaign_name as manual_campaign_name,
        collected_traffic_source.manual_content as manual_content,
        collected_traffic_source.manual_term as manual_term,
        collected_traffic_source.gclid as gclid,

        -- device and place
        device.category as device_category,
        device.browser as browser,
        geo.country as country,

        -- dates
        {{ timestamp_from_micros('event_timestamp') }} as event_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _file,
        _row,
        _landed_at

    from source

)

select * from renamed
