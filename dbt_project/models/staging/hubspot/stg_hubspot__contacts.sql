with

source as (

    {{ current_version(source('hubspot', 'contacts'), ['contact_id'], 'lastmodifieddate') }}

),

renamed as (

    select
        -- ids
        cast(contact_id as varchar) as contact_id,
        email_hash,
        cast(company_user_id as varchar) as user_id,
        hs_merged_object_ids as merged_contact_ids,

        -- dimensions
        lifecyclestage as lifecycle_stage,
        hs_analytics_source as origin,
        hs_analytics_source_data_1 as origin_detail,
        hs_analytics_first_url as first_url,

        -- dates
        createdate as created_at,
        lastmodifieddate as updated_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
