with

orders as (

    select * from {{ ref('fct_orders') }} where person_id is not null

),

costs as (

    select
        source_name,
        order_id,
        sum(cost) as cost
    from {{ ref('int_money__order_items') }}
    group by source_name, order_id

),

discounts as (

    select
        source_name,
        order_id,
        sum(discount_source) / nullif(sum(gross_source + discount_source), 0) as discount_rate
    from {{ ref('int_orders__items') }}
    group by source_name, order_id

),

cancellations as (

    select
        source_name,
        order_id,
        {{ local_date('cancelled_at') }} as cancelled_date
    from {{ ref('int_orders__orders') }}
    where is_cancelled

),

facts as (

    select
        orders.source_name,
        orders.order_id,
        orders.person_id,
        orders.order_date,
        orders.is_cancelled,
        case
            when cancellations.cancelled_date < orders.order_date then orders.order_date
            else cancellations.cancelled_date
        end as cancelled_date,
        coalesce(orders.revenue_gross, 0) as revenue,
        coalesce(orders.revenue_gross, 0) - coalesce(costs.cost, 0) as margin,
        {{ money('coalesce(orders.revenue_gross, 0) * coalesce(discounts.discount_rate, 0)') }} as discounted
    from orders
    left join costs on orders.source_name = costs.source_name and orders.order_id = costs.order_id
    left join discounts on orders.source_name = discounts.source_name and orders.order_id = discounts.order_id
    left join cancellations
        on orders.source_name = cancellations.source_name and orders.order_id = cancellations.order_id

)

select * from facts
