with

deals as (

    select
        *,
        {{ local_date('created_at') }} as created_date,
        coalesce(won_date, {{ local_date('created_at') }}) as value_date
    from {{ ref('int_crm__deals') }}

),

leads as (

    select source_name, lead_id, person_id, origin
    from {{ ref('int_customers__leads') }}

),

fx as (

    select * from {{ ref('int_money__fx_daily') }}

),

final as (

    select
        deals.deal_id,
        deals.source_name,
        deals.lead_id,
        coalesce(leads.person_id, 'd_' || deals.source_name || '_' || deals.deal_id) as person_id,
        deals.created_date,
        deals.stage,
        deals.is_won,
        deals.won_date,
        {{ to_reporting('cast(deals.amount_source as decimal(20, 6))', 'fx.rate') }} as deal_value,
        deals.currency,
        deals.amount_source is not null and fx.rate is null as is_fx_missing,
        leads.origin,
        deals.segment,
        {{ maturity('deals.value_date', var('orders_days')) }} as maturity
    from deals
    left join leads
        on deals.source_name = leads.source_name and deals.lead_id = leads.lead_id
    left join fx on deals.value_date = fx.date_day and deals.currency = fx.currency

)

select * from final
