with

contact_daily as (

    select * from {{ ref('stg_wecom__contact_daily') }}

),

conformed as (

    select
        date_day,
        employee_id,
        applications,
        contacts_new,
        chats,
        messages,
        reply_percentage / 100.0 as reply_rate,
        first_reply_minutes,
        contacts_lost,
        source_name
    from contact_daily
    where date_day <= {{ as_of_date() }}

)

select * from conformed
