with

source as (

    {{ current_version(source('mapped', 'refunds'), ['_source_name', 'refund_id']) }}

),

renamed as (

    select
        -- ids
        refund_id,
        order_id,

        -- dimensions
        currency,

        -- measures
        amount as amount_source,

        -- dates
        refunded_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
