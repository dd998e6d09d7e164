{# A person's last 100 sessions before a conversion are its touches; more than that is a machine. #}
{%- set most_touches = 100 -%}
with

orders as (

    select * from {{ ref('fct_orders') }}

),

converting as (

    select order_id, session_started_at from {{ ref('int_orders__channel') }}

),

sessions as (

    select * from {{ ref('fct_sessions') }}

),

{# The shop's clock may run before the browser's: the converting session is a touch all the same. #}
conversions as (

    select
        orders.order_id as conversion_id,
        'order' as conversion_kind,
        orders.person_id,
        orders.ordered_at as conversion_at,
        orders.order_date as conversion_date,
        orders.maturity,
        greatest(orders.ordered_at, converting.session_started_at) as touched_until,
        orders.ordered_at - interval '{{ var("lookback_days") }} days' as touched_from
    from orders
    left join converting on orders.order_id = converting.order_id
    where orders.person_id is not null

),

joined as (

    select
        conversions.*,
        sessions.session_id,
        sessions.session_started_at as touch_at,
        sessions.session_date as touch_date,
        sessions.channel,
        sessions.channel_class,
        sessions.campaign,
        sessions.source,
        sessions.medium,
        row_number() over (
            partition by conversions.conversion_id order by sessions.session_started_at desc, sessions.session_id desc
        ) as touches_to_go
    from conversions
    inner join sessions
        on conversions.person_id = sessions.person_id
        and sessions.session_started_at between conversions.touched_from and conversions.touched_until
    qualify touches_to_go <= {{ most_touches }}

),

counted as (

    select *, count(*) over (partition by conversion_id) as touches from joined

),

touches as (

    select
        conversion_id,
        conversion_kind,
        person_id,
        conversion_at,
        conversion_date,
        session_id,
        touch_at,
        touch_date,
        cast(touches - touches_to_go + 1 as integer) as touch_index,
        cast(touches as integer) as touches,
        channel,
        channel_class,
        campaign,
        source,
        medium,
        maturity
    from counted

)

select * from touches
