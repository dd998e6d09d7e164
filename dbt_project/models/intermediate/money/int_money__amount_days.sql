{# Only dates that carry an amount need a rate; a product's cost is wanted on every day of an order. #}
with

order_days as (

    select distinct order_date as date_day, currency
    from {{ ref('int_orders__orders') }}

),

product_currencies as (

    select distinct currency
    from {{ ref('int_orders__products') }}

),

amounts as (

    select date_day, currency from order_days
    union all
    select order_days.date_day, product_currencies.currency from order_days cross join product_currencies
    union all
    select refund_date, currency from {{ ref('int_orders__refunds') }}
    union all
    select payment_date, currency from {{ ref('int_orders__payments') }}
    union all
    select date_day, currency from {{ ref('int_ads__performance') }}
    union all
    select coalesce(won_date, {{ local_date('created_at') }}), currency from {{ ref('int_crm__deals') }}
    union all
    -- A version's day or currency may be another than the present one's.
    select date_day, currency from {{ ref('int_history__ads') }}
    union all
    select order_date, currency from {{ ref('int_history__orders') }}
    union all
    select refund_date, currency from {{ ref('int_history__refunds') }}
    union all
    select coalesce(won_date, created_date), currency from {{ ref('int_history__deals') }}
    union all
    select starts_on, currency from {{ ref('int_company__campaign_calendar') }}
    union all
    select cast(month as date), currency from {{ ref('int_company__costs') }}

)

select distinct date_day, currency
from amounts
where date_day is not null and currency is not null
