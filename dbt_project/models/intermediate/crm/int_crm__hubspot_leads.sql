{# HubSpot's stages run from subscriber on; a lead is whoever has gone further. #}
with

contacts as (

    select * from {{ ref('int_crm__hubspot_contacts') }}

),

leads as (

    select
        contact_id as lead_id,
        contact_id,
        email_hash,
        user_id,
        created_at as first_contact_at,
        origin,
        landing_page,
        source_name
    from contacts
    where
        lifecycle_stage not in ('', 'subscriber', 'other')
        and merged_into_contact_id is null

)

select * from leads
