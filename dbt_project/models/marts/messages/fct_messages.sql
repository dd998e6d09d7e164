with

messages as (

    select * from {{ ref('int_messages__messages') }}

),

persons as (

    select * from {{ source('workspace', 'person_ids') }}

),

final as (

    select
        messages.message_id,
        messages.source_name,
        messages.sent_date,
        messages.campaign_id,
        messages.campaign_name as campaign,
        coalesce(
            by_email.person_id,
            by_customer.person_id,
            'm_' || messages.source_name || '_' || coalesce(messages.email_hash, messages.customer_id)
        ) as person_id,
        messages.delivered_at is not null as is_delivered,
        messages.opened_at is not null as is_opened,
        messages.clicked_at is not null as is_clicked,
        messages.unsubscribed_at is not null as is_unsubscribed,
        messages.message_kind,
        {{ maturity('messages.sent_date', 7) }} as maturity
    from messages
    left join persons as by_email
        on by_email.id_kind = 'email_hash' and messages.email_hash = by_email.id_value
    left join persons as by_customer
        on by_customer.id_kind = 'customer_id'
        and messages.source_name || ':' || messages.customer_id = by_customer.id_value

)

select * from final
