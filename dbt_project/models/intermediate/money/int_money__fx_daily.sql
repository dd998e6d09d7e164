{{ config(materialized='slices') }}
{% set longest_age_days = 7 %}
with

amount_days as (

    select * from {{ ref('int_money__amount_days') }}

),

known as (

    select date_day as rate_date, from_currency as currency, cast(rate as decimal(18, 10)) as rate, 1 as preference
    from {{ ref('int_company__fx_rates') }}
    where to_currency = '{{ var("currency") }}' and rate > 0

    union all

    select date_day, to_currency, cast(1.0 / cast(rate as double) as decimal(18, 10)), 2
    from {{ ref('int_company__fx_rates') }}
    where from_currency = '{{ var("currency") }}' and rate > 0

),

newest_known as (

    select
        amount_days.date_day,
        amount_days.currency,
        known.rate,
        known.rate_date
    from amount_days
    left join known
        on amount_days.currency = known.currency
        and known.rate_date between amount_days.date_day - {{ longest_age_days }} and amount_days.date_day
    qualify row_number() over (
        partition by amount_days.date_day, amount_days.currency
        order by known.rate_date desc nulls last, known.preference
    ) = 1

),

own_currency_is_one as (

    select
        date_day,
        currency,
        cast(case when currency = '{{ var("currency") }}' then 1 else rate end as decimal(18, 10)) as rate,
        case when currency = '{{ var("currency") }}' then date_day else rate_date end as rate_date
    from newest_known

)

select * from own_currency_is_one
