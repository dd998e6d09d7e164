{# What the first order was made of is known for good, so a customer never changes cohort, channel or category. #}
with

orders as (

    select
        *,
        cast(date_trunc('month', order_date) as date) as order_month,
        cast(cohort || '-01' as date) as cohort_start
    from {{ ref('fct_orders') }}

),

{# The line that brought most; of two alike the one whose id is smaller. #}
first_products as (

    select source_name, order_id, product_category
    from (
        select
            source_name,
            order_id,
            coalesce(product_category, 'unknown') as product_category,
            row_number() over (
                partition by source_name, order_id order by revenue_gross desc nulls last, order_item_id
            ) as line
        from {{ ref('fct_order_items') }}
    ) as lines
    where line = 1

),

customers as (

    select
        orders.person_id,
        orders.cohort_start,
        orders.channel,
        orders.channel_class,
        coalesce(first_products.product_category, 'unknown') as first_product_category
    from orders
    left join first_products
        on orders.source_name = first_products.source_name and orders.order_id = first_products.order_id
    where orders.is_first_order

),

groups as (

    select cohort_start, channel, channel_class, first_product_category, count(*) as customers
    from customers
    group by cohort_start, channel, channel_class, first_product_category

),

months as (

    select
        *,
        unnest(range(0, date_diff('month', cohort_start, {{ as_of_date() }}) + 1)) as month_index
    from groups

),

revenue as (

    select
        customers.cohort_start,
        customers.channel,
        customers.first_product_category,
        date_diff('month', customers.cohort_start, orders.order_month) as month_index,
        sum(orders.revenue_net) as revenue_net,
        sum(orders.gross_margin) as gross_margin
    from orders
    inner join customers on orders.person_id = customers.person_id
    group by 1, 2, 3, 4

),

cumulated as (

    select
        months.*,
        coalesce(sum(revenue.revenue_net) over so_far, 0) as cumulative_revenue_net,
        sum(revenue.gross_margin) over so_far as cumulative_margin,
        cast(months.cohort_start + to_months(cast(months.month_index + 1 as integer)) - interval 1 day as date)
            as last_day
    from months
    left join revenue using (cohort_start, channel, first_product_category, month_index)
    window so_far as (
        partition by months.cohort_start, months.channel, months.first_product_category order by months.month_index
    )

),

final as (

    select
        strftime(cohort_start, '%Y-%m') as cohort,
        cohort_start,
        channel,
        channel_class,
        first_product_category,
        month_index,
        customers,
        {{ money('cumulative_revenue_net') }} as cumulative_revenue_net,
        {{ money('cumulative_margin') }} as cumulative_margin,
        {{ maturity('last_day', var('orders_days'), needs=['orders', 'web']) }} as maturity
    from cumulated

)

select * from final
