with

products as (

    select * from {{ ref('stg_shopify__products') }}

),

conformed as (

    select
        product_id,
        title as name,
        category as product_category,
        unit_cost as unit_cost_source,
        currency,
        source_name
    from products

)

select * from conformed
