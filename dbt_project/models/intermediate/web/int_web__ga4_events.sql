{# A click id without a named source can only come from Google's ads. #}
with

events as (

    select * from {{ ref('stg_ga4__events') }}

),

tagged as (

    select
        *,
        {{ url_parameter('page_location', 'utm_source') }} as utm_source,
        {{ url_parameter('page_location', 'utm_medium') }} as utm_medium,
        {{ url_parameter('page_location', 'utm_campaign') }} as utm_campaign,
        {{ url_parameter('page_location', 'utm_content') }} as utm_content,
        {{ url_parameter('page_location', 'utm_term') }} as utm_term,
        coalesce(nullif(gclid, ''), {{ url_parameter('page_location', 'gclid') }}) as click_id,
        {{ url_host('page_location') }} as page_host,
        {{ url_host('page_referrer') }} as from_host
    from events

),

sourced as (

    select
        *,
        coalesce(nullif(manual_source, ''), utm_source) as named_source,
        coalesce(nullif(manual_medium, ''), utm_medium) as named_medium
    from tagged

),

conformed as (

    select
        {{ surrogate_key([
            'user_pseudo_id', 'event_timestamp', 'event_name', 'event_bundle_sequence_id', 'batch_event_index'
        ]) }} as event_id,
        user_pseudo_id as visitor_id,
        nullif(user_id, '') as user_id,
        event_at,
        event_name,
        page_host,
        {{ url_path('page_location') }} as page_path,
        page_title,
        case when from_host is distinct from page_host then from_host end as referrer_host,
        case when click_id is not null and named_source is null then 'google' else named_source end as source,
        case when click_id is not null and named_source is null then 'cpc' else named_medium end as medium,
        coalesce(nullif(manual_campaign_name, ''), utm_campaign) as campaign,
        coalesce(nullif(manual_content, ''), utm_content) as content,
        coalesce(nullif(manual_term, ''), utm_term) as term,
        click_id,
        device_category as device,
        country,
        engagement_time_msec / 1000.0 as engaged_seconds,
        nullif(transaction_id, '') as order_id,
        traffic_type,
        browser,
        source_name
    from sourced

)

select * from conformed
