{{ config(materialized='table') }}

with

orders as (

    select
        person_id,
        order_date as date_day,
        order_date as known_date,
        count(*) as orders,
        sum(revenue) as revenue,
        sum(margin) as margin,
        sum(discounted) as discounted
    from {{ ref('int_scores__order_facts') }}
    group by person_id, order_date

),

orders_with_gaps as (

    select
        *,
        date_day - lag(date_day) over (partition by person_id order by date_day) as gap_days
    from orders

)

select * from orders_with_gaps
union all by name
select * from {{ ref('int_scores__losses') }}
union all by name
select * from {{ ref('int_scores__session_days') }}
