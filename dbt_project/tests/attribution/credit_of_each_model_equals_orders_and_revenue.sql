{# Conservation (X2): with the unattributed row, each model's credit is the orders and their revenue. #}
{{ config(meta={'dagster': {'ref': {'name': 'fct_attribution'}}}) }}
with

orders as (

    select count(*) as conversions, coalesce(sum(revenue_gross), 0) as revenue from {{ ref('fct_orders') }}

),

credits as (

    select attribution_model, sum(attributed_conversions) as conversions, sum(attributed_revenue) as revenue
    from {{ ref('fct_attribution') }}
    group by attribution_model

)

select credits.*, orders.conversions as orders, orders.revenue as revenue_gross
from credits
cross join orders
where credits.conversions <> orders.conversions or credits.revenue <> orders.revenue
