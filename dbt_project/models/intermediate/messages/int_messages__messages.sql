{# One line per source of messages. What happened after as_of is not known yet. #}
with

unioned as (

    select * from {{ ref('int_messages__mailchimp') }}
    union all by name
    select * from {{ ref('stg_mapped__messages') }}

),

conformed as (

    select
        message_id,
        campaign_id,
        campaign_name,
        email_hash,
        customer_id,
        sent_at,
        {{ local_date('sent_at') }} as sent_date,
        {{ until_as_of('delivered_at') }} as delivered_at,
        {{ until_as_of('opened_at') }} as opened_at,
        {{ until_as_of('clicked_at') }} as clicked_at,
        {{ until_as_of('unsubscribed_at') }} as unsubscribed_at,
        message_kind,
        source_name
    from unioned
    where {{ before_as_of('sent_at') }}

)

select * from conformed
