{# One line per source of consents. #}
with

unioned as (

    select * from {{ ref('stg_mapped__consents') }}

),

conformed as (

    select
        consent_id,
        user_id,
        email_hash,
        phone_hash,
        customer_id,
        contact_id,
        lower(trim(purpose)) as purpose,
        policy_version,
        is_granted,
        consented_at,
        source_name
    from unioned
    where {{ before_as_of('consented_at') }}

)

select * from conformed
