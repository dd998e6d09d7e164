with

contacts as (

    select * from {{ ref('int_private__contact_daily') }}

),

final as (

    select
        date_day,
        source_name,
        employee_id,
        cast(applications as bigint) as applications,
        cast(contacts_new as bigint) as contacts_new,
        cast(chats as bigint) as chats,
        cast(messages as bigint) as messages,
        cast(reply_rate as double) as reply_rate,
        cast(reply_rate * chats as double) as chats_replied,
        cast(first_reply_minutes as double) as first_reply_minutes,
        cast(contacts_lost as bigint) as contacts_lost,
        {{ maturity('date_day') }} as maturity
    from contacts

)

select * from final
