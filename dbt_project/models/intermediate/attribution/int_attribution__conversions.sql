{# The shop's clock may run before the browser's: the converting session is a touch all the same. #}
{{ config(materialized='slices') }}
with

orders as (

    select
        'order' as conversion_kind,
        orders.order_id as conversion_id,
        orders.person_id,
        orders.ordered_at as conversion_at,
        orders.order_date as conversion_date,
        orders.revenue_gross as value,
        orders.maturity,
        converting.session_id,
        greatest(orders.ordered_at, converting.session_started_at) as touched_until
    from {{ ref('fct_orders') }} as orders
    left join {{ ref('int_orders__channel') }} as converting on orders.order_id = converting.order_id

),

won_at as (

    select source_name, deal_id, coalesce(won_at, created_at) as won_at
    from {{ ref('int_crm__deals') }}

),

deals as (

    select
        'deal' as conversion_kind,
        deals.deal_id as conversion_id,
        deals.person_id,
        won_at.won_at as conversion_at,
        coalesce(deals.won_date, deals.created_date) as conversion_date,
        deals.deal_value as value,
        deals.maturity,
        cast(null as varchar) as session_id,
        won_at.won_at as touched_until
    from {{ ref('fct_deals') }} as deals
    left join won_at on deals.source_name = won_at.source_name and deals.deal_id = won_at.deal_id
    where deals.is_won

),

conversions as (

    select * from orders
    union all by name
    select * from deals

),

in_cycles as (

    select
        *,
        lag(touched_until) over (
            partition by conversion_kind, person_id order by conversion_at, conversion_id
        ) as previous_conversion_at
    from conversions

)

select * from in_cycles
