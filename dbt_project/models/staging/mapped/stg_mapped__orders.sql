with

source as (

    {{ current_version(source('mapped', 'orders'), ['_source_name', 'order_id'], 'updated_at') }}

),

renamed as (

    select
        -- ids
        order_id,
        customer_id,
        user_id,
        email_hash,
        phone_hash,

        -- dimensions
        status,
        currency,
        country,
        is_cancelled,
        is_test,

        -- measures
        shipping as shipping_source,

        -- dates
        ordered_at,
        cancelled_at,
        updated_at,
        _time_flags as time_flags,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
