{# Conservation (X2, T2): per model, credit sums to 1 and money to the order's gross revenue, for every order. #}
{{ config(meta={'dagster': {'ref': {'name': 'fct_attribution'}}}) }}
with

models as (

    select unnest(['first', 'last', 'linear']) as attribution_model

),

orders as (

    select order_id, attribution_model, coalesce(revenue_gross, 0) as revenue_gross
    from {{ ref('fct_orders') }}
    cross join models

),

credits as (

    select
        conversion_id,
        attribution_model,
        sum(attributed_conversions) as conversions,
        sum(attributed_revenue) as revenue
    from {{ ref('fct_attribution') }}
    group by conversion_id, attribution_model

)

select *
from orders
full join credits
    on orders.order_id = credits.conversion_id and orders.attribution_model = credits.attribution_model
where credits.conversions is distinct from 1 or credits.revenue is distinct from orders.revenue_gross
