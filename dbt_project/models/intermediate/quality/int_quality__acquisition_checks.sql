{# Spend is the same however it is split, with what brought nobody and what matches nothing; revenue is on accrual what it
   is on cash (X2). #}
{% set splits = [
    ('spend_by_channel', 'fct_acquisition_daily', 'spend',
        "'over all channels, with those that brought nobody and the unallocated'"),
    ('spend_by_campaign', 'fct_campaigns_daily', 'spend',
        "sum(case when match = 'spend_without_visits' then spend else 0 end) || ' of it matches no visits'"),
    ('spend_of_cohorts', 'fct_cohort_economics', 'acquisition_spend', "'months and channels that won nobody too'"),
] %}
with

{% for check, mart, amount, explanation in splits -%}
{{ check }} as (

    select
        '{{ check }}' as check_name,
        'all' as source_name,
        'acquisition' as stream,
        (select sum(spend) from {{ ref('fct_ad_performance_daily') }}) as expected,
        sum({{ amount }}) as arrived,
        0 as left_out,
        {{ explanation }} as explanation
    from {{ ref(mart) }}

),

{% endfor -%}
costs_by_channel as (

    select
        'costs_by_channel' as check_name,
        'all' as source_name,
        'acquisition' as stream,
        sum(cost) as expected,
        (select sum(non_media_cost) from {{ ref('fct_acquisition_daily') }}) as arrived,
        sum(case when date_day > {{ as_of_date() }} then cost else 0 end) as left_out,
        'days of the month to come are left out' as explanation
    from {{ ref('int_acquisition__costs_daily') }}

),

on_cash as (

    select attribution_model, sum(attributed_revenue) as revenue
    from {{ ref('fct_attribution') }}
    where conversion_kind = 'order'
    group by attribution_model

),

on_accrual as (

    select attribution_model, sum(revenue) as revenue
    from {{ ref('fct_accrual_daily') }}
    where conversion_window = 'all'
    group by attribution_model

),

revenue_by_touch_day as (

    select
        'revenue_by_touch_day' as check_name,
        'all' as source_name,
        'attribution ' || attribution_model as stream,
        on_cash.revenue as expected,
        on_accrual.revenue as arrived,
        0 as left_out,
        'on accrual as on cash' as explanation
    from on_cash
    left join on_accrual using (attribution_model)

),

united as (

    {% for check in ['spend_by_channel', 'spend_by_campaign', 'spend_of_cohorts', 'costs_by_channel', 'revenue_by_touch_day'] -%}
    select * from {{ check }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from united
