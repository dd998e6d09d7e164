with

versions as (

    {{ versions_over_time(source('shopify', 'orders'), ['order_id'], 'updated_at') }}

),

renamed as (

    select
        cast(order_id as varchar) as order_id,
        cast(customer_id as varchar) as customer_id,
        created_at as ordered_at,
        cancelled_at is not null as is_cancelled,
        cancelled_at,
        currency,
        coalesce(test, false) as is_test,
        country,
        line_items,
        refunds,
        _source_name as source_name,
        valid_from,
        valid_to
    from versions

)

select * from renamed
