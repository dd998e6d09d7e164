{# One line per CRM. #}
with

unioned as (

    select * from {{ ref('int_crm__hubspot_contacts') }}
    union all by name
    select * from {{ ref('stg_mapped__crm_contacts') }}

),

conformed as (

    select
        contact_id,
        merged_into_contact_id,
        user_id,
        email_hash,
        phone_hash,
        openid,
        unionid,
        external_userid,
        created_at,
        updated_at,
        lifecycle_stage,
        nullif(trim(origin), '') as origin,
        landing_page,
        source_name
    from unioned
    where {{ before_as_of('created_at') }}

)

select * from conformed
