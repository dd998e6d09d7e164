{# What was known just now is what the mart says (X6). #}
{{ config(meta={'dagster': {'ref': {'name': 'fct_orders_history'}}}) }}
{% set columns = [
    'source_name', 'order_id', 'person_id', 'ordered_at', 'order_date', 'order_number', 'is_first_order',
    'is_cancelled', 'channel', 'channel_class', 'campaign', 'country', 'currency', 'items', 'revenue_gross',
    'revenue_cancelled', 'refunds', 'revenue_net', 'cost', 'gross_margin', 'is_fx_missing', 'cohort', 'segment',
    'maturity'
] | join(', ') %}
with

known as (

    {{ fct_orders_as_known(
        ref('fct_orders_history'), ref('fct_order_items_history'), ref('fct_refunds_history'), end_of_time(),
        as_of_date(), maturity('order_date', var('orders_days'), needs=['orders', 'web'])
    ) }}

)

{{ differences(ref('fct_orders'), 'known', columns) }}
