{# Credit dated by the day of the touch (A2), once for each window: a conversion counts in a window of n days if it came
   at most n calendar days after the touch; `all` is the look-back whole. Without a touch, the order's own day counts. #}
{% set windows = [1, 3, 7, 14, 30, 60, 90] %}
with

credits as (

    select
        *,
        conversion_date - touch_date as days_to_convert,
        channel = 'unattributed' as is_unattributed
    from {{ ref('fct_attribution') }}
    where conversion_kind = 'order'

),

orders as (

    select order_id, bool_or(is_first_order) as is_first_order
    from {{ ref('fct_orders') }}
    group by order_id

),

windows as (

    {% for days in windows -%}
    select '{{ days }}' as conversion_window, {{ days }} as window_days, {{ days }} as open_days union all
    {% endfor -%}
    select 'all', null, {{ var('lookback_days') }}

),

summed as (

    select
        credits.touch_date as date_day,
        credits.attribution_model,
        windows.conversion_window,
        windows.open_days,
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
    inner join windows
        on windows.window_days is null or credits.is_unattributed or credits.days_to_convert <= windows.window_days
    group by 1, 2, 3, 4, 5, 6, 7, 8

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
        {{ maturity('date_day', 'open_days', needs=['orders', 'web']) }} as maturity
    from summed

)

select * from final
