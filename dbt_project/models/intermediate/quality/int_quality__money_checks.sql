{# Spend and revenue are the same amount wherever they are summed; what has no exchange rate is left out and said. #}
with

spend_in_own_currency as (

    select
        'spend_converted' as check_name,
        platform as source_name,
        'ads_performance ' || coalesce(currency, 'no currency') as stream,
        sum(spend_source) as expected,
        sum(case when is_fx_missing then 0 else spend_source end) as arrived,
        sum(case when is_fx_missing then spend_source else 0 end) as left_out,
        count(*) filter (where is_fx_missing) || ' rows without an exchange rate' as explanation
    from {{ ref('fct_ad_performance_daily') }}
    group by platform, currency

),

spend_landed as (

    select
        'spend_landed' as check_name,
        ads.platform as source_name,
        'ads_performance' as stream,
        sum(ads.spend_source) as expected,
        (select sum(spend_source) from {{ ref('fct_ad_performance_daily') }} as mart where mart.platform = ads.platform)
            as arrived,
        0 as left_out,
        'each currency for itself, without conversions too' as explanation
    from {{ ref('int_ads__performance') }} as ads
    group by ads.platform

),

orders_converted as (

    select
        'orders_converted' as check_name,
        source_name,
        'orders' as stream,
        count(*) as expected,
        count(*) filter (where not is_fx_missing) as arrived,
        count(*) filter (where is_fx_missing) as left_out,
        count(*) filter (where is_fx_missing) || ' orders without an exchange rate' as explanation
    from {{ ref('fct_orders') }}
    group by source_name

),

revenue_of_items as (

    select
        'revenue_of_items' as check_name,
        orders.source_name,
        'orders' as stream,
        sum(orders.revenue_gross) as expected,
        (
            select sum(items.revenue_gross) from {{ ref('fct_order_items') }} as items
            where items.source_name = orders.source_name
        ) as arrived,
        0 as left_out,
        'orders and their items' as explanation
    from {{ ref('fct_orders') }} as orders
    group by orders.source_name

),

revenue_of_cohorts as (

    select
        'revenue_of_cohorts' as check_name,
        'all' as source_name,
        'orders' as stream,
        (select sum(revenue_net) from {{ ref('fct_orders') }}) as expected,
        sum(cumulative_revenue_net) as arrived,
        0 as left_out,
        'cohorts in their last month' as explanation
    from {{ ref('fct_cohort_revenue') }}
    where month_index = date_diff('month', cohort_start, {{ as_of_date() }})

),

united as (

    {% for check in [
        'spend_in_own_currency', 'spend_landed', 'orders_converted', 'revenue_of_items', 'revenue_of_cohorts'
    ] -%}
    select * from {{ check }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from united
