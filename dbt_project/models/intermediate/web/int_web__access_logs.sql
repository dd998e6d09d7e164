with

page_views as (

    select
        *,
        {{ url_host('referrer') }} as from_host,
        {{ url_parameter('target', 'utm_source') }} as utm_source,
        {{ url_parameter('target', 'utm_medium') }} as utm_medium,
        {{ url_parameter('target', 'gclid') }} as click_id
    from {{ ref('int_web__access_log_requests') }}
    where left_out_reason is null

),

conformed as (

    select
        {{ surrogate_key(['visitor_hash', 'requested_at', 'method', 'target', 'status', 'bytes_sent', 'repeat']) }}
            as event_id,
        visitor_hash as visitor_id,
        cast(null as varchar) as user_id,
        requested_at as event_at,
        'page_view' as event_name,
        server as page_host,
        {{ url_path('target') }} as page_path,
        cast(null as varchar) as page_title,
        case when from_host is distinct from server then from_host end as referrer_host,
        case when click_id is not null and utm_source is null then 'google' else utm_source end as source,
        case when click_id is not null and utm_source is null then 'cpc' else utm_medium end as medium,
        {{ url_parameter('target', 'utm_campaign') }} as campaign,
        {{ url_parameter('target', 'utm_content') }} as content,
        {{ url_parameter('target', 'utm_term') }} as term,
        click_id,
        case
            when user_agent ilike '%ipad%' or user_agent ilike '%tablet%' then 'tablet'
            when user_agent ilike '%mobi%' then 'mobile'
            when user_agent is not null then 'desktop'
        end as device,
        cast(null as varchar) as country,
        cast(null as double) as engaged_seconds,
        cast(null as varchar) as order_id,
        is_internal,
        case when is_internal then 'own_network' end as traffic_type,
        user_agent,
        status,
        bytes_sent,
        source_name
    from page_views

)

select * from conformed
