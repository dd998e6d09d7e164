{{ config(materialized='slices') }}
with

refunds as (

    select * from {{ ref('int_orders__refunds') }}

),

orders as (

    select * from {{ ref('int_customers__orders') }}

),

fx as (

    select * from {{ ref('int_money__fx_daily') }}

),

converted as (

    select
        refunds.refund_id,
        refunds.source_name,
        refunds.order_id,
        orders.person_id,
        orders.order_date,
        refunds.refund_date,
        orders.cohort,
        orders.is_cancelled as is_order_cancelled,
        refunds.currency,
        refunds.amount_source,
        fx.rate is null as is_fx_missing,
        {{ to_reporting('cast(refunds.amount_source as decimal(20, 6))', 'fx.rate') }} as amount
    from refunds
    inner join orders
        on refunds.source_name = orders.source_name and refunds.order_id = orders.order_id
    left join fx
        on refunds.refund_date = fx.date_day and refunds.currency = fx.currency

),

{# Items of a cancelled order have left the revenue already: giving their money back must not take it off twice. #}
split as (

    select
        *,
        case when is_order_cancelled then cast(0 as decimal(38, 6)) else amount end as refunds,
        case when is_order_cancelled then amount else cast(0 as decimal(38, 6)) end as refunds_of_cancelled
    from converted

)

select * from split
