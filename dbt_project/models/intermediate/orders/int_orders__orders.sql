{%- set shopify, mapped = ref('int_orders__shopify_orders'), ref('stg_mapped__orders') -%}
{{ config(materialized='slices', key='order_id') }}
{# One line per shop. An order cancelled after as_of is not cancelled yet. Shopify's times say their offset: no clock makes
   them doubtful. #}
{% call reach() %}
    select order_id from {{ arriving(ref('int_orders__shopify_orders')) }}
    union all
    select order_id from {{ arriving(ref('stg_mapped__orders')) }}
    {%- for shop in [shopify, mapped] %}
    union all
    select order_id from {{ shop }} where {{ begins_to_count('ordered_at') }} or {{ begins_to_count('cancelled_at') }}
    {%- endfor %}
{% endcall %}
with

unioned as (

    select * from {{ sliced(shopify, 'order_id') }}
    union all by name
    select * from {{ sliced(mapped, 'order_id') }}

),

known as (

    select
        *,
        {{ until_as_of('cancelled_at') }} as known_cancelled_at,
        coalesce(
            is_cancelled,
            cancelled_at is not null or lower(status) in ('cancelled', 'canceled', 'unavailable')
        ) as is_called_off
    from unioned
    where {{ before_as_of('ordered_at') }}

),

conformed as (

    select
        order_id,
        customer_id,
        user_id,
        email_hash,
        phone_hash,
        ordered_at,
        {{ local_date('ordered_at') }} as order_date,
        status,
        is_called_off and (cancelled_at is null or known_cancelled_at is not null) as is_cancelled,
        known_cancelled_at as cancelled_at,
        currency,
        coalesce(is_test, false) as is_test,
        cast(coalesce(shipping_source, 0) as decimal(38, 6)) as shipping_source,
        country,
        updated_at,
        time_flags,
        source_name
    from known

)

select * from conformed
