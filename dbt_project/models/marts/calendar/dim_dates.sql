{% set fiscal_start = "(select fiscal_year_start from " ~ source('workspace', 'settings') ~ ")" %}
with

days as (

    select * from {{ ref('int_calendar__days') }}

),

special_days as (

    select * from {{ ref('calendar_days') }}

),

known_years as (

    select min(date_day) as first_day, max(date_day) as last_day from special_days

),

own_promotions as (

    select days.date_day, string_agg(distinct campaigns.name, ', ' order by campaigns.name) as own_campaigns
    from days
    inner join {{ ref('int_company__campaign_calendar') }} as campaigns
        on days.date_day between campaigns.starts_on and campaigns.ends_on
    group by days.date_day

),

final as (

    select
        days.date_day,
        {{ week_start_of('days.date_day') }} as week_start,
        strftime(days.date_day, '%G-W%V') as iso_week,
        strftime(days.date_day, '%Y-%m') as month,
        strftime(days.date_day, '%Y') || '-Q' || quarter(days.date_day) as quarter,
        cast(year(days.date_day) as bigint) as year,
        cast(year(days.date_day - to_months(cast({{ fiscal_start }} - 1 as integer))) as bigint) as fiscal_year,
        cast(isodow(days.date_day) as bigint) as iso_weekday,
        isodow(days.date_day) >= 6 as is_weekend,
        coalesce(special_days.is_holiday_cn, false) as is_holiday_cn,
        special_days.holiday_en,
        special_days.holiday_zh,
        coalesce(special_days.is_makeup_workday, false) as is_makeup_workday,
        coalesce(special_days.is_makeup_workday, false)
        or (isodow(days.date_day) < 6 and not coalesce(special_days.is_holiday_cn, false)) as is_workday_cn,
        days.date_day between known_years.first_day and known_years.last_day as is_calendar_known,
        special_days.promotion,
        own_promotions.own_campaigns
    from days
    cross join known_years
    left join special_days on days.date_day = special_days.date_day
    left join own_promotions on days.date_day = own_promotions.date_day

)

select * from final
