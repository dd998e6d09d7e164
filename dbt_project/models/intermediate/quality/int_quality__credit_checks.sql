{# Each model gives away each order exactly, unattributed included, and its revenue. #}
with

orders as (

    select count(*) as orders, coalesce(sum(revenue_gross), 0) as revenue
    from {{ ref('fct_orders') }}

),

credits as (

    select
        attribution_model,
        sum(attributed_conversions) as conversions,
        sum(attributed_revenue) as revenue,
        sum(case when channel = 'unattributed' then attributed_conversions else 0 end) as unattributed
    from {{ ref('fct_attribution') }}
    where conversion_kind = 'order'
    group by attribution_model

),

checks as (

    select
        'credit_of_conversions' as check_name,
        'all' as source_name,
        'attribution ' || credits.attribution_model as stream,
        orders.orders as expected,
        credits.conversions as arrived,
        0 as left_out,
        cast(credits.unattributed as bigint) || ' of them unattributed' as explanation
    from credits
    cross join orders

    union all

    select
        'credit_of_revenue',
        'all',
        'attribution ' || credits.attribution_model,
        orders.revenue,
        credits.revenue,
        0,
        'over all touches and the unattributed'
    from credits
    cross join orders

)

select * from checks
