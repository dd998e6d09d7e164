{# From the calendar's first year, or the first in which anything happened, to its last year or the present one. #}
with

bounds as (

    select
        min(date_day) as first_day,
        max(date_day) as last_day
    from (
        select date_day from {{ ref('calendar_days') }}
        union all
        select order_date from {{ ref('int_orders__orders') }}
        union all
        select first_contact_date from {{ ref('int_crm__leads') }}
        union all
        select {{ as_of_date() }}
    ) as dated

),

whole_years as (

    select
        cast(date_trunc('year', first_day) as timestamp) as first_day,
        cast(date_trunc('year', last_day) + interval 1 year - interval 1 day as timestamp) as last_day
    from bounds

),

days as (

    select cast(unnest(generate_series(first_day, last_day, interval 1 day)) as date) as date_day
    from whole_years

)

select * from days
