with

source as (

    {{ current_version(source('mapped', 'consents'), ['_source_name', 'consent_id']) }}

),

renamed as (

    select
        -- ids
        consent_id,
        user_id,
        email_hash,
        phone_hash,
        customer_id,
        contact_id,

        -- dimensions
        purpose,
        policy_version,
        is_granted,

        -- dates
        consented_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
