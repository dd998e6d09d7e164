{# Which orders are tests is what the rules say of them now. #}
{{ config(materialized='slices', key='order_id') }}
{% call reach() %}
    {%- for name in ['int_history__orders', 'int_customers__orders', 'int_orders__channel'] %}
    select order_id from {{ changes(name) }}
    union all
    {%- endfor %}
    select order_id from {{ ref('int_history__orders') }}
    where order_date in (select date_day from {{ changes('int_money__fx_daily') }})
{% endcall %}
with

orders as (

    select versions.*
    from {{ sliced(ref('int_history__orders'), 'order_id') }} as versions
    anti join {{ ref('int_traffic__test_orders') }} as tests
        on versions.source_name = tests.source_name and versions.order_id = tests.order_id

),

persons as (

    select source_name, order_id, person_id from {{ sliced(ref('int_customers__orders'), 'order_id') }}

),

channels as (

    select * from {{ sliced(ref('int_orders__channel'), 'order_id') }}

),

fx as (

    select * from {{ ref('int_money__fx_daily') }}

),

final as (

    select
        orders.order_id,
        orders.source_name,
        coalesce(
            persons.person_id, 'o_' || orders.source_name || '_' || coalesce(orders.customer_id, orders.order_id)
        ) as person_id,
        orders.ordered_at,
        orders.order_date,
        orders.is_cancelled,
        coalesce(channels.channel, 'no_session') as channel,
        channels.channel_class,
        channels.campaign,
        channels.source,
        channels.medium,
        channels.landing_page,
        channels.device,
        coalesce(channels.country, orders.country) as country,
        orders.currency,
        fx.rate is null as is_fx_missing,
        orders.valid_from,
        orders.valid_to
    from orders
    left join persons on orders.source_name = persons.source_name and orders.order_id = persons.order_id
    left join channels on orders.order_id = channels.order_id
    left join fx on orders.order_date = fx.date_day and orders.currency = fx.currency

)

select * from final
