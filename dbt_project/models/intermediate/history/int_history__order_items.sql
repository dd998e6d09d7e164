{{ config(materialized='slices', key='order_id') }}
{# One line per shop. A line that a later version of its order leaves out ends with the version before. #}
{% call reach() %}
    select order_id from {{ arriving(ref('int_orders__shopify_orders')) }}
    union all
    select order_id from {{ arriving(ref('stg_mapped__order_items')) }}
    union all
    select order_id from {{ this }}
    where order_item_id in (select order_item_id from {{ arriving(ref('stg_mapped__order_items')) }})
{% endcall %}
with

exploded as (

    select
        source_name,
        order_id,
        valid_from,
        valid_to,
        {{ explode('line_items') }} as line_item
    from {{ sliced(ref('int_history__shopify_orders'), 'order_id') }} as shopify

),

mapped as (

    select *
    from ({{ versions_over_time(source('mapped', 'order_items'), ['_source_name', 'order_item_id']) }}) as versions

),

united as (

    select
        source_name,
        order_id,
        cast(line_item.id as varchar) as order_item_id,
        cast(line_item.product_id as varchar) as product_id,
        cast(line_item.quantity as double) as quantity,
        cast(
            cast(line_item.price as decimal(38, 6)) * line_item.quantity
            - coalesce(cast(line_item.total_discount as decimal(38, 6)), 0) as decimal(38, 6)
        ) as gross_source,
        valid_from,
        valid_to
    from exploded
    union all
    select
        _source_name,
        order_id,
        order_item_id,
        product_id,
        cast(quantity as double),
        cast(gross as decimal(38, 6)),
        valid_from,
        valid_to
    from {{ sliced('mapped', 'order_id') }} as versions

)

select * from united
