with

deals as (

    select * from {{ ref('stg_hubspot__deals') }}

),

contacts as (

    select * from {{ ref('int_crm__hubspot_contacts') }}

),

conformed as (

    select
        deals.deal_id,
        coalesce(contacts.merged_into_contact_id, deals.contact_id) as lead_id,
        coalesce(contacts.merged_into_contact_id, deals.contact_id) as contact_id,
        deals.stage,
        deals.stage = 'closedwon' as is_won,
        deals.created_at,
        case when deals.stage = 'closedwon' then deals.closed_at end as won_at,
        deals.amount as amount_source,
        deals.currency,
        cast(null as varchar) as segment,
        deals.source_name
    from deals
    left join contacts on deals.contact_id = contacts.contact_id

)

select * from conformed
