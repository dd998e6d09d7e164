{{ config(materialized='slices') }}
with

orders as (

    select orders.*
    from {{ ref('int_orders__orders') }} as orders
    anti join {{ ref('int_traffic__test_orders') }} as tests
        on orders.source_name = tests.source_name and orders.order_id = tests.order_id

),

persons as (

    select * from {{ source('workspace', 'person_ids') }}

),

with_person as (

    select
        orders.*,
        coalesce(
            by_user.person_id,
            by_email.person_id,
            by_phone.person_id,
            by_customer.person_id,
            'o_' || orders.source_name || '_' || coalesce({{ real_id('orders.customer_id') }}, orders.order_id)
        ) as person_id
    from orders
    left join persons as by_user
        on by_user.id_kind = 'user_id' and orders.user_id = by_user.id_value
    left join persons as by_email
        on by_email.id_kind = 'email_hash' and orders.email_hash = by_email.id_value
    left join persons as by_phone
        on by_phone.id_kind = 'phone_hash' and orders.phone_hash = by_phone.id_value
    left join persons as by_customer
        on by_customer.id_kind = 'customer_id'
        and orders.source_name || ':' || orders.customer_id = by_customer.id_value

),

numbered as (

    select
        *,
        row_number() over (partition by person_id order by ordered_at, order_id) as order_number,
        min(order_date) over (partition by person_id) as first_order_date
    from with_person

),

with_cohort as (

    select
        *,
        strftime(first_order_date, '%Y-%m') as cohort,
        case when order_number = 1 then 'one_time' when order_number < 4 then 'repeat' else 'loyal' end as segment
    from numbered

)

select * from with_cohort
