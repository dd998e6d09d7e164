with

source as (

    {{ current_version(source('hubspot', 'deals'), ['deal_id'], 'hs_lastmodifieddate') }}

),

renamed as (

    select
        -- ids
        cast(deal_id as varchar) as deal_id,
        cast(contact_id as varchar) as contact_id,

        -- dimensions
        dealname as name,
        dealstage as stage,
        currency,

        -- measures
        cast(amount as decimal(38, 6)) as amount,

        -- dates
        createdate as created_at,
        closedate as closed_at,
        hs_lastmodifieddate as updated_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
