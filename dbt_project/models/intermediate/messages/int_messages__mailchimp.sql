with

messages as (

    select * from {{ ref('stg_mailchimp__messages') }}

),

conformed as (

    select
        message_id,
        campaign_id,
        campaign_title as campaign_name,
        email_hash,
        cast(null as varchar) as customer_id,
        sent_at,
        delivered_at,
        opened_at,
        clicked_at,
        unsubscribed_at,
        'email' as message_kind,
        source_name
    from messages

)

select * from conformed
