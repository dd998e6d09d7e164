with

refunds as (

    select * from {{ ref('int_money__refunds') }}

),

orders as (

    select source_name, order_id, channel, channel_class, segment from {{ ref('fct_orders') }}

),

final as (

    select
        refunds.refund_id,
        refunds.order_id,
        refunds.source_name,
        refunds.person_id,
        refunds.refund_date,
        refunds.order_date,
        refunds.refunds,
        refunds.refunds_of_cancelled,
        refunds.is_fx_missing,
        orders.channel,
        orders.channel_class,
        orders.segment,
        refunds.currency,
        refunds.cohort,
        {{ maturity('refunds.refund_date', var('orders_days')) }} as maturity
    from refunds
    inner join orders
        on refunds.source_name = orders.source_name and refunds.order_id = orders.order_id

)

select * from final
