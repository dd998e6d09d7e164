{# The days of a month add up to its cost exactly: each takes the rise of a rounded running total. #}
with

costs as (

    select
        cast(date_trunc('month', month) as date) as month_start,
        cast(date_trunc('month', month) + interval 1 month as date)
        - cast(date_trunc('month', month) as date) as days_in_month,
        month as cost_date,
        kind,
        coalesce(nullif(trim(channel), ''), 'unallocated') as channel,
        currency,
        cast(amount_source as decimal(20, 6)) as amount_source
    from {{ ref('int_company__costs') }}

),

converted as (

    select
        costs.*,
        {{ to_reporting('costs.amount_source', 'fx.rate') }} as amount
    from costs
    left join {{ ref('int_money__fx_daily') }} as fx
        on cast(costs.cost_date as date) = fx.date_day and costs.currency = fx.currency

),

spread as (

    select
        converted.month_start + cast(day_of_month.n - 1 as integer) as date_day,
        converted.channel,
        converted.kind,
        {{ money('converted.amount * day_of_month.n / converted.days_in_month') }}
        - {{ money('converted.amount * (day_of_month.n - 1) / converted.days_in_month') }} as cost
    from converted
    inner join (select unnest(range(1, 32)) as n) as day_of_month
        on day_of_month.n <= converted.days_in_month

)

select * from spread
