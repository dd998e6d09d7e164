with

source as (

    {{ current_version(source('mapped', 'payments'), ['_source_name', 'payment_id']) }}

),

renamed as (

    select
        -- ids
        payment_id,
        order_id,

        -- dimensions
        method,
        currency,

        -- measures
        amount as amount_source,

        -- dates
        paid_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
