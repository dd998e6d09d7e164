-- The days MetricFlow counts on: wide enough for any company's history, and to the end of next year.
with

days as (

    select cast(day as date) as date_day
    from generate_series(
        timestamp '2000-01-01',
        date_trunc('year', {{ as_of_date() }}) + interval 2 year - interval 1 day,
        interval 1 day
    ) as series (day)

)

select
    date_day,
    {{ week_start_of('date_day') }} as company_week
from days
