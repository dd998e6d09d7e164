{{ config(materialized='slices', key='order_id') }}
{# One line per shop, conformed as the present orders are. #}
{%- set shopify = ref('int_history__shopify_orders') -%}
{% call reach() %}
    select order_id from {{ arriving(ref('int_orders__shopify_orders')) }}
    union all
    select order_id from {{ arriving(ref('stg_mapped__orders')) }}
    union all
    select order_id from {{ shopify }} where {{ begins_to_count('ordered_at') }} or {{ begins_to_count('cancelled_at') }}
    union all
    select order_id from {{ source('mapped', 'orders') }}
    where {{ begins_to_count('ordered_at') }} or {{ begins_to_count('cancelled_at') }}
{% endcall %}
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
    from {{ sliced(shopify, 'order_id') }} as shopify
    union all
    select
        source_name, order_id, customer_id, ordered_at, is_called_off, cancelled_at, currency, is_test, country,
        valid_from, valid_to
    from {{ sliced('mapped', 'order_id') }} as versions

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
