with

source as (

    {{ current_version(source('mapped', 'messages'), ['_source_name', 'message_id']) }}

),

renamed as (

    select
        -- ids
        message_id,
        campaign_id,
        email_hash,
        customer_id,

        -- dimensions
        campaign_name,
        message_kind,

        -- dates
        sent_at,
        delivered_at,
        opened_at,
        clicked_at,
        unsubscribed_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
