{{ config(materialized='slices', key='event_id') }}
{# One line per web source. A version that has just arrived is newer than all that were there. #}
with

unioned as (

    select * from {{ arriving(ref('int_web__ga4_events')) }}
    union all by name
    select * from {{ arriving(ref('int_web__access_logs')) }}
    union all by name
    select * from {{ arriving(ref('stg_mapped__web_events')) }}

),

conformed as (

    select
        event_id,
        {# Who has a user id but no visitor id visits as that user. #}
        coalesce({{ real_id('visitor_id') }}, 'user:' || {{ real_id('user_id') }}) as visitor_id,
        {{ real_id('user_id') }} as user_id,
        event_at,
        {{ local_date('event_at') }} as event_date,
        event_name,
        page_host,
        page_path,
        page_title,
        referrer_host,
        lower(source) as source,
        lower(medium) as medium,
        campaign,
        content,
        term,
        click_id,
        lower(device) as device,
        country,
        cast(engaged_seconds as double) as engaged_seconds,
        order_id,
        coalesce(traffic_type, case when is_internal then 'internal' end) as traffic_type,
        browser,
        user_agent,
        coalesce(is_internal, traffic_type = 'internal', false) as is_internal,
        source_name
    from unioned

)

select * from conformed
