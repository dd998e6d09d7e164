{{ config(materialized='slices') }}
{# One line per shop. #}
with

unioned as (

    select * from {{ ref('int_orders__shopify_products') }}
    union all by name
    select * from {{ ref('stg_mapped__products') }}

),

conformed as (

    select
        product_id,
        name,
        product_category,
        unit_cost_source,
        currency,
        source_name
    from unioned

)

select * from conformed
