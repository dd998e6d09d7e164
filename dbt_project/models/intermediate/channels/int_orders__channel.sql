{{ config(materialized='slices', key='order_id') }}
{% call reach() %}
    select order_id from {{ changes('int_orders__orders') }}
    union all
    select order_id from {{ ref('int_web__events') }}
    where order_id is not null and coalesce(visitor_id, '') in ({{ recounted_visitors() }})
    union all
    select order_id from {{ changes('int_web__all_events') }}
{% endcall %}
with

orders as (

    select distinct order_id from {{ sliced(ref('int_orders__orders'), 'order_id') }}

),

purchases as (

    select order_id, visitor_id, event_at from {{ sliced(ref('int_traffic__events'), 'order_id') }}
    where event_name = 'purchase' and order_id is not null
    qualify row_number() over (partition by order_id order by event_at, event_id) = 1

),

sessions as (

    select * from {{ ref('int_sessions__resolved') }}

),

with_session as (

    select
        orders.order_id,
        sessions.session_id,
        sessions.session_started_at,
        coalesce(sessions.channel, 'no_session') as channel,
        sessions.channel_class,
        sessions.campaign,
        sessions.source,
        sessions.medium,
        sessions.landing_page,
        sessions.device,
        sessions.country
    from orders
    left join purchases on orders.order_id = purchases.order_id
    asof left join sessions
        on purchases.visitor_id = sessions.visitor_id and purchases.event_at >= sessions.session_started_at

)

select * from with_session
