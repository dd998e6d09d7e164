{# Credit dated by the day of the touch (A2), once for each window: a conversion counts in a window of n days if it came
   at most n calendar days after the touch; `all` is the look-back whole. Without a touch, the order's own day counts.
   Each credit is summed under the shortest window that holds it; a longer one holds it too. #}
{% set windows = [1, 3, 7, 14, 30, 60, 90] %}
{%- set attribution = sliced(ref('fct_attribution'), "attribution_model || cast(touch_date as varchar)") -%}
{%- set open_days -%}
    case conversion_window
        {%- for days in windows %} when '{{ days }}' then {{ days }}{% endfor %} else {{ var('lookback_days') }}
    end
{%- endset %}
{%- set maturity_now = maturity('date_day', open_days, needs=['orders', 'web']) -%}
{{ config(materialized='slices', key='attribution_model || cast(date_day as varchar)') }}
{% call reach() %}
    select attribution_model || cast(touch_date as varchar) from {{ changes('fct_attribution') }}
    union all
    select attribution_model || cast(touch_date as varchar) from {{ ref('fct_attribution') }}
    where conversion_id in (select order_id from {{ changes('int_customers__orders') }})
    union all
    select attribution_model || cast(date_day as varchar) from {{ this }} where maturity is distinct from {{ maturity_now }}
{% endcall %}
with

credits as (

    select
        *,
        case
            when channel = 'unattributed' then 1
            {% for days in windows -%}
            when conversion_date - touch_date <= {{ days }} then {{ loop.index }}
            {% endfor -%}
            else {{ windows | length + 1 }}
        end as shortest_window
    from {{ attribution }}
    where conversion_kind = 'order'

),

orders as (

    select order_id, bool_or(is_first_order) as is_first_order
    from {{ ref('fct_orders') }}
    group by order_id

),

windows as (

    {% for days in windows -%}
    select '{{ days }}' as conversion_window, {{ loop.index }} as position union all
    {% endfor -%}
    select 'all', {{ windows | length + 1 }}

),

summed_once as (

    select
        credits.touch_date as date_day,
        credits.attribution_model,
        credits.shortest_window,
        credits.channel,
        credits.campaign,
        credits.source,
        credits.medium,
        max(credits.channel_class) as channel_class,
        sum(credits.attributed_conversions) as conversions,
        sum(case when orders.is_first_order then credits.attributed_conversions else 0 end) as new_customers,
        sum(credits.attributed_revenue) as revenue
    from credits
    inner join orders on credits.conversion_id = orders.order_id
    group by 1, 2, 3, 4, 5, 6, 7

),

summed as (

    select
        date_day,
        attribution_model,
        windows.conversion_window,
        channel,
        campaign,
        source,
        medium,
        max(channel_class) as channel_class,
        sum(conversions) as conversions,
        sum(new_customers) as new_customers,
        sum(revenue) as revenue
    from summed_once
    inner join windows on summed_once.shortest_window <= windows.position
    group by 1, 2, 3, 4, 5, 6, 7

),

final as (

    select
        date_day,
        attribution_model,
        conversion_window,
        channel,
        channel_class,
        campaign,
        source,
        medium,
        {{ money('conversions') }} as conversions,
        {{ money('new_customers') }} as new_customers,
        {{ money('revenue') }} as revenue,
        {{ maturity_now }} as maturity
    from summed

)

select * from final
