with

items as (

    select content_id, url_path, topic, format from {{ ref('dim_content_items') }}
    where url_path is not null

),

events as (

    select * from {{ ref('int_traffic__events') }}

),

content_daily as (

    select
        events.event_date as date_day,
        items.content_id,
        items.url_path,
        items.topic,
        items.format,
        count(*) filter (where events.event_name = 'page_view') as pageviews,
        count(distinct events.visitor_id) as visitors,
        cast(coalesce(sum(cast(events.engaged_seconds as decimal(18, 3))), 0) as double) as engaged_seconds,
        count(*) filter (where events.event_name = 'share') as shares,
        {{ maturity('events.event_date', var('web_days', 3)) }} as maturity
    from events
    inner join items on events.page_path = items.url_path
    group by all

)

select * from content_daily
