with

deals as (

    select *, coalesce(won_date, created_date) as value_date from {{ ref('int_history__deals') }}

),

leads as (

    select source_name, lead_id, origin from {{ ref('int_customers__leads') }}

),

fx as (

    select * from {{ ref('int_money__fx_daily') }}

),

final as (

    select
        deals.deal_id,
        deals.source_name,
        deals.lead_id,
        deals.created_date,
        deals.is_won,
        deals.won_date,
        {{ to_reporting('cast(deals.amount_source as decimal(20, 6))', 'fx.rate') }} as deal_value,
        deals.currency,
        leads.origin,
        deals.segment,
        deals.valid_from,
        deals.valid_to
    from deals
    left join leads on deals.source_name = leads.source_name and deals.lead_id = leads.lead_id
    left join fx on deals.value_date = fx.date_day and deals.currency = fx.currency

)

select * from final
