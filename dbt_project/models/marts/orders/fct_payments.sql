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
    from {{ ref('int_orders__payments') }} as payments
    inner join {{ ref('int_customers__orders') }} as orders
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
        {{ maturity('payments.payment_date', var('orders_days')) }} as maturity
    from payments
    left join fx on payments.payment_date = fx.date_day and payments.currency = fx.currency

)

select * from final
