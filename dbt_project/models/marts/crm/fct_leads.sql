{{ config(materialized='slices') }}
with

leads as (

    select * from {{ ref('int_customers__leads') }}

),

won_of_lead as (

    select
        source_name,
        lead_id,
        min(won_date) as won_date,
        sum(deal_value) as deal_value
    from {{ ref('fct_deals') }}
    where is_won
    group by source_name, lead_id

),

final as (

    select
        leads.lead_id,
        leads.source_name,
        leads.person_id,
        leads.contact_id,
        leads.first_contact_at,
        leads.first_contact_date,
        leads.origin,
        leads.landing_page,
        won_of_lead.lead_id is not null as is_won,
        won_of_lead.won_date,
        {{ money('won_of_lead.deal_value') }} as deal_value,
        cast(won_of_lead.won_date - leads.first_contact_date as bigint) as days_to_win,
        {{ maturity('leads.first_contact_date', var('orders_days')) }} as maturity
    from leads
    left join won_of_lead
        on leads.source_name = won_of_lead.source_name and leads.lead_id = won_of_lead.lead_id

)

select * from final
