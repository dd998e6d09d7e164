with

refunds as (

    select * from {{ ref('int_history__refunds') }}

),

fx as (

    select * from {{ ref('int_money__fx_daily') }}

),

final as (

    select
        refunds.refund_id,
        refunds.order_id,
        refunds.source_name,
        refunds.refund_date,
        {{ to_reporting('cast(refunds.amount_source as decimal(20, 6))', 'fx.rate') }} as amount,
        refunds.currency,
        fx.rate is null as is_fx_missing,
        refunds.valid_from,
        refunds.valid_to
    from refunds
    left join fx on refunds.refund_date = fx.date_day and refunds.currency = fx.currency

)

select * from final
