{# What came to pass in the horizon, only where the horizon is over. #}
with

cutoffs as (

    select * from {{ ref('int_scores__cutoffs') }} where cutoff_role != 'score'

)

select
    days.person_id,
    cutoffs.cutoff_date,
    sum(coalesce(days.orders, 0)) as orders,
    sum(coalesce(days.margin, 0)) as margin
from {{ ref('int_scores__person_days') }} as days
inner join cutoffs
    on days.date_day >= cutoffs.cutoff_date and days.date_day < cutoffs.horizon_end_date
group by days.person_id, cutoffs.cutoff_date
