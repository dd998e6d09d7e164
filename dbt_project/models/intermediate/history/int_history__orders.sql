{{ config(materialized='table') }}
{# One line per shop, conformed as the present orders are. #}
with

mapped as (

    select
        *,
        coalesce(
            is_cancelled,
            cancelled_at is not null or lower(status) in ('cancelled', 'canceled', 'unavailable')
        ) as is_called_off,
        _source_name as source_name
    from ({{ versions_over_time(source('mapped', 'orders'), ['_source_name', 'order_id'], 'updated_at') }}) as versions

),

united as (

    select
        source_name, order_id, customer_id, ordered_at, is_cancelled, cancelled_at, currency, is_test, country,
        valid_from, valid_to
    from {{ ref('int_history__shopify_orders') }}
    union all
    select
        source_name, order_id, customer_id, ordered_at, is_called_off, cancelled_at, currency, is_test, country,
        valid_from, valid_to
    from mapped

),

conformed as (

    select
        source_name,
        order_id,
        customer_id,
        ordered_at,
        {{ local_date('ordered_at') }} as order_date,
        is_cancelled and (cancelled_at is null or {{ until_as_of('cancelled_at') }} is not null) as is_cancelled,
        currency,
        coalesce(is_test, false) as is_test,
        country,
        valid_from,
        valid_to
    from united
    where {{ before_as_of('ordered_at') }}

)

select * from conformed
