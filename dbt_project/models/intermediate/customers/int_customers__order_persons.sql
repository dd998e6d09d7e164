{%- set ids = {
    'user_id': 'user_id',
    'email_hash': 'email_hash',
    'phone_hash': 'phone_hash',
    'customer_id': "source_name || ':' || customer_id",
} -%}
{{ config(materialized='slices', key='order_id') }}
{% call reach() %}
    select order_id from {{ changes('int_orders__orders') }}
    {%- for kind, value in ids.items() %}
    union all
    select order_id from {{ ref('int_orders__orders') }}
    where {{ value }} in (select id_value from {{ changes('int_identity__person_ids') }} where id_kind = '{{ kind }}')
    {%- endfor %}
{% endcall %}
with

orders as (

    select orders.*
    from {{ sliced(ref('int_orders__orders'), 'order_id') }} as orders
    anti join {{ ref('int_traffic__test_orders') }} as tests
        on orders.source_name = tests.source_name and orders.order_id = tests.order_id

),

persons as (

    select * from {{ source('workspace', 'person_ids') }}

),

with_person as (

    select
        orders.source_name,
        orders.order_id,
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

)

select * from with_person
