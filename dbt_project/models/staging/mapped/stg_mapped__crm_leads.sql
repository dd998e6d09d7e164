with

source as (

    {{ current_version(source('mapped', 'crm_leads'), ['_source_name', 'lead_id']) }}

),

renamed as (

    select
        -- ids
        lead_id,
        contact_id,
        email_hash,
        user_id,

        -- dimensions
        origin,
        landing_page,

        -- dates
        first_contact_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
