with

events as (

    select
        *,
        event_name in (select event_name from {{ source('workspace', 'conversion_events') }}) as is_conversion
    from {{ ref('int_sessions__events') }}

),

sessions as (

    select
        session_id,
        visitor_id,
        min(event_at) as session_started_at,
        max(event_at) as session_ended_at,
        arg_min(page_path, event_number) as landing_page,
        arg_min({'source': source, 'medium': medium, 'campaign': campaign}, event_number)
            filter (where source is not null) as traffic,
        arg_min(device, event_number) as device,
        arg_min(country, event_number) as country,
        count(*) filter (where event_name = 'page_view') as pageviews,
        count(*) as events,
        sum(cast(engaged_seconds as decimal(18, 3))) as engaged_seconds,
        count(*) filter (where is_conversion) as conversions
    from events
    group by session_id, visitor_id

),

with_traffic as (

    select
        * exclude (traffic, engaged_seconds),
        coalesce(traffic.source, '(direct)') as source,
        coalesce(traffic.medium, '(none)') as medium,
        coalesce(traffic.campaign, '(not set)') as campaign,
        cast(coalesce(engaged_seconds, 0) as double) as engaged_seconds,
        {{ local_date('session_started_at') }} as session_date
    from sessions

)

select * from with_traffic
