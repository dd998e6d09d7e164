{%- set maturity_now = maturity('payment_date', var('orders_days')) -%}
{{ config(materialized='slices', key='order_id') }}
{% call reach() %}
    select order_id from {{ changes('int_orders__all_payments') }}
    union all
    select order_id from {{ ref('int_orders__all_payments') }} where {{ begins_to_count('paid_at') }}
    union all
    select order_id from {{ changes('int_customers__orders') }}
    union all
    select order_id from {{ ref('int_orders__payments') }}
    where payment_date in (select date_day from {{ changes('int_money__fx_daily') }})
    union all
    select order_id from {{ this }} where maturity is distinct from {{ maturity_now }}
{% endcall %}
with

payments as (

    select
        payments.payment_id,
        payments.source_name,
        payments.order_id,
        orders.person_id,
        payments.payment_date,
        payments.method,
        payments.currency,
        cast(payments.amount_source as decimal(20, 6)) as amount_source
    from {{ sliced(ref('int_orders__payments'), 'order_id') }} as payments
    inner join {{ sliced(ref('int_customers__orders'), 'order_id') }} as orders
        on payments.source_name = orders.source_name and payments.order_id = orders.order_id

),

fx as (

    select * from {{ ref('int_money__fx_daily') }}

),

final as (

    select
        payments.payment_id,
        payments.order_id,
        payments.source_name,
        payments.person_id,
        payments.payment_date,
        payments.method,
        {{ to_reporting('payments.amount_source', 'fx.rate') }} as payments,
        payments.currency,
        fx.rate is null as is_fx_missing,
        {{ maturity_now }} as maturity
    from payments
    left join fx on payments.payment_date = fx.date_day and payments.currency = fx.currency

)

select * from final
