{{ config(materialized='slices', key='person_id') }}
{% call reach() %}
    select person_id from {{ changes('int_customers__order_persons') }}
    union all
    select person_id from {{ ref('int_customers__order_persons') }}
    where order_id in (select order_id from {{ changes('int_orders__orders') }})
{% endcall %}
with

orders as (

    select orders.*, persons.person_id
    from {{ ref('int_orders__orders') }} as orders
    inner join {{ sliced(ref('int_customers__order_persons'), 'person_id') }} as persons
        on orders.source_name = persons.source_name and orders.order_id = persons.order_id

),

numbered as (

    select
        *,
        row_number() over (partition by person_id order by ordered_at, order_id) as order_number,
        min(order_date) over (partition by person_id) as first_order_date
    from orders

),

with_cohort as (

    select
        *,
        strftime(first_order_date, '%Y-%m') as cohort,
        case when order_number = 1 then 'one_time' when order_number < 4 then 'repeat' else 'loyal' end as segment
    from numbered

)

select * from with_cohort
