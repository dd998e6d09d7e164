with

orders as (

    select distinct order_id from {{ ref('int_orders__orders') }}

),

purchases as (

    select order_id, session_id from {{ ref('int_sessions__events') }}
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
    left join sessions on purchases.session_id = sessions.session_id

)

select * from with_session
