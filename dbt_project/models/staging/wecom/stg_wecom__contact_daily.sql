with

source as (

    {{ current_version(source('wecom', 'contact_daily'), ['stat_time', 'employee_id']) }}

),

renamed as (

    select
        -- ids
        employee_id,

        -- measures
        new_apply_cnt as applications,
        new_contact_cnt as contacts_new,
        chat_cnt as chats,
        message_cnt as messages,
        reply_percentage,
        avg_reply_time as first_reply_minutes,
        negative_feedback_cnt as contacts_lost,

        -- dates
        {{ local_date('stat_time', 'Asia/Shanghai') }} as date_day,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
