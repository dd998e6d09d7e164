with

products as (

    select * from {{ ref('int_orders__products') }}

),

sold as (

    select
        source_name,
        product_id,
        max(order_date) as last_sold_date
    from {{ ref('fct_order_items') }}
    group by source_name, product_id

),

final as (

    select
        products.product_id,
        products.source_name,
        products.name,
        products.product_category,
        {{ money('products.unit_cost_source') }} as unit_cost_source,
        products.currency,
        sold.last_sold_date
    from products
    left join sold
        on products.source_name = sold.source_name and products.product_id = sold.product_id

)

select * from final
