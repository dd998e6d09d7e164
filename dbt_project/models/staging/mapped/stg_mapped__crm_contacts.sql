with

source as (

    {{ current_version(source('mapped', 'crm_contacts'), ['_source_name', 'contact_id'], 'updated_at') }}

),

renamed as (

    select
        -- ids
        contact_id,
        merged_into_contact_id,
        user_id,
        email_hash,
        phone_hash,
        openid,
        unionid,
        external_userid,

        -- dimensions
        lifecycle_stage,
        origin,
        landing_page,

        -- dates
        created_at,
        updated_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
