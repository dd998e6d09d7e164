{%- set windows = [30, 90, 180] -%}

with

known as (

    select
        days.*,
        cutoffs.cutoff_date,
        cutoffs.cutoff_role,
        cutoffs.horizon_days,
        cutoffs.cutoff_date - days.date_day as days_ago
    from {{ ref('int_scores__person_days') }} as days
    inner join {{ ref('int_scores__cutoffs') }} as cutoffs on days.known_date < cutoffs.cutoff_date

),

summed as (

    select
        person_id,
        cutoff_date,
        cutoff_role,
        horizon_days,
        max(days_ago) filter (where orders > 0) as tenure_days,
        min(days_ago) filter (where orders > 0) as recency_days,
        sum(orders) as orders,
        count(gap_days) as gaps,
        sum(gap_days) as gap_sum,
        sum(gap_days * gap_days) as gap_squares,
        max(gap_days) as longest_gap_days,
        arg_max(gap_days, date_day) as last_gap_days,
        {%- for days in windows %}
        coalesce(sum(orders) filter (where days_ago <= {{ days }}), 0) as orders_{{ days }},
        coalesce(sum(margin) filter (where days_ago <= {{ days }}), 0) as margin_{{ days }},
        {%- endfor %}
        sum(revenue) as revenue,
        sum(margin) as margin,
        sum(discounted) as discounted,
        sum(lost) as lost,
        coalesce(sum(cancellations), 0) as cancellations,
        coalesce(sum(sessions) filter (where days_ago <= 30), 0) as sessions_30,
        coalesce(sum(sessions) filter (where days_ago <= 90), 0) as sessions_90,
        min(days_ago) filter (where sessions > 0) as session_recency_days
    from known
    group by person_id, cutoff_date, cutoff_role, horizon_days
    having sum(orders) > 0

),

fct_customer_features as (

    select
        -- ids
        summed.person_id,
        summed.cutoff_date,
        summed.cutoff_role,
        cast(summed.horizon_days as integer) as horizon_days,

        -- rhythm
        cast(summed.recency_days as integer) as recency_days,
        cast(summed.tenure_days as integer) as tenure_days,
        cast(summed.orders as integer) as orders,
        cast(summed.gaps + 1 as integer) as order_days,
        {%- for days in windows %}
        cast(summed.orders_{{ days }} as integer) as orders_{{ days }},
        {%- endfor %}
        cast(summed.gap_sum as double) / nullif(summed.gaps, 0) as mean_gap_days,
        sqrt(
            greatest(summed.gap_squares - cast(summed.gap_sum as double) * summed.gap_sum / nullif(summed.gaps, 0), 0)
            / nullif(greatest(summed.gaps - 1, 0), 0)
        ) as std_gap_days,
        cast(summed.longest_gap_days as integer) as longest_gap_days,
        cast(summed.last_gap_days as integer) as last_gap_days,
        cast(summed.recency_days as double) * summed.gaps / nullif(summed.gap_sum, 0) as gap_ratio,

        -- money
        cast(summed.revenue as double) as revenue,
        cast(summed.revenue as double) / summed.orders as revenue_mean,
        cast(summed.margin as double) as margin,
        cast(summed.margin as double) / summed.orders as margin_mean,
        {%- for days in windows %}
        cast(summed.margin_{{ days }} as double) as margin_{{ days }},
        {%- endfor %}
        cast(summed.discounted as double) / nullif(cast(summed.revenue as double), 0) as discount_rate,
        cast(coalesce(summed.lost, 0) as double) / nullif(cast(summed.revenue as double), 0) as lost_rate,
        cast(summed.cancellations as integer) as cancellations,

        -- visits
        cast(summed.sessions_30 as integer) as sessions_30,
        cast(summed.sessions_90 as integer) as sessions_90,
        cast(summed.session_recency_days as integer) as session_recency_days,

        -- labels
        case when summed.cutoff_role != 'score' then coalesce(labels.orders, 0) = 0 end as label_churned,
        case when summed.cutoff_role != 'score' then cast(coalesce(labels.margin, 0) as double) end as label_margin
    from summed
    left join {{ ref('int_scores__labels') }} as labels
        on summed.person_id = labels.person_id and summed.cutoff_date = labels.cutoff_date

)

select * from fct_customer_features
