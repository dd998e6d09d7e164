with

source as (

    {{ current_version(source('mapped', 'crm_deals'), ['_source_name', 'deal_id']) }}

),

renamed as (

    select
        -- ids
        deal_id,
        lead_id,
        contact_id,

        -- dimensions
        stage,
        currency,
        segment,
        is_won,

        -- measures
        amount as amount_source,

        -- dates
        created_at,
        won_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
