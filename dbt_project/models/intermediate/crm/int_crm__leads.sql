{# One line per CRM. #}
with

unioned as (

    select * from {{ ref('int_crm__hubspot_leads') }}
    union all by name
    select * from {{ ref('stg_mapped__crm_leads') }}

),

conformed as (

    select
        lead_id,
        contact_id,
        email_hash,
        user_id,
        first_contact_at,
        {{ local_date('first_contact_at') }} as first_contact_date,
        nullif(trim(origin), '') as origin,
        landing_page,
        source_name
    from unioned
    where {{ before_as_of('first_contact_at') }}

)

select * from conformed
