{# One line per CRM. #}
with

hubspot as (

    select
        *,
        cast(deal_id as varchar) as hubspot_id,
        cast(contact_id as varchar) as hubspot_contact
    from ({{ versions_over_time(source('hubspot', 'deals'), ['deal_id'], 'hs_lastmodifieddate') }}) as versions

),

mapped as (

    select * from ({{ versions_over_time(source('mapped', 'crm_deals'), ['_source_name', 'deal_id']) }}) as versions

),

united as (

    select
        hubspot._source_name as source_name,
        hubspot.hubspot_id as deal_id,
        coalesce(contacts.merged_into_contact_id, hubspot.hubspot_contact) as lead_id,
        hubspot.dealstage = 'closedwon' as is_won,
        hubspot.createdate as created_at,
        case when hubspot.dealstage = 'closedwon' then hubspot.closedate end as won_at,
        cast(hubspot.amount as decimal(38, 6)) as amount_source,
        hubspot.currency,
        cast(null as varchar) as segment,
        hubspot.valid_from,
        hubspot.valid_to
    from hubspot
    left join {{ ref('int_crm__hubspot_contacts') }} as contacts on hubspot.hubspot_contact = contacts.contact_id
    union all
    select
        _source_name,
        deal_id,
        lead_id,
        coalesce(is_won, won_at is not null),
        created_at,
        won_at,
        cast(amount as decimal(38, 6)),
        currency,
        segment,
        valid_from,
        valid_to
    from mapped

),

conformed as (

    select
        source_name,
        deal_id,
        lead_id,
        is_won and (won_at is null or {{ until_as_of('won_at') }} is not null) as is_won,
        {{ local_date('created_at') }} as created_date,
        {{ local_date(until_as_of('won_at')) }} as won_date,
        amount_source,
        currency,
        segment,
        valid_from,
        valid_to
    from united
    where {{ before_as_of('coalesce(created_at, won_at)') }}

)

select * from conformed
