with

source as (

    {{ current_version(source('shopify', 'orders'), ['order_id'], 'updated_at') }}

),

renamed as (

    select
        -- ids
        cast(order_id as varchar) as order_id,
        cast(customer_id as varchar) as customer_id,
        cast(user_id as varchar) as user_id,
        email_hash,

        -- dimensions
        financial_status,
        currency,
        sales_channel,
        country,
        coalesce(test, false) as is_test,

        -- measures
        cast(total_shipping as decimal(38, 6)) as total_shipping,
        cast(total_tax as decimal(38, 6)) as total_tax,

        -- parts, unnested in models of their own
        line_items,
        refunds,
        transactions,

        -- dates
        created_at,
        updated_at,
        cancelled_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
