with

source as (

    {{ current_version(source('mailchimp', 'messages'), ['message_id']) }}

),

renamed as (

    select
        -- ids
        cast(message_id as varchar) as message_id,
        cast(campaign_id as varchar) as campaign_id,
        email_address_hash as email_hash,

        -- dimensions
        campaign_title,

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
