{# What was known just now is what the mart says (X6). #}
{{ config(meta={'dagster': {'ref': {'name': 'fct_order_items_history'}}}) }}
{% set columns = [
    'source_name', 'order_item_id', 'order_id', 'person_id', 'order_date', 'product_id', 'product_category', 'quantity',
    'revenue_gross', 'revenue_cancelled', 'cost', 'channel', 'segment', 'currency', 'cohort'
] | join(', ') %}
{%- set tables = ['fct_order_items', 'fct_order_items_history', 'fct_orders'] -%}
with

known as (

    {{ fct_order_items_as_known(
        where_changed(ref('fct_order_items_history'), 'order_id', tables), ref('fct_orders'), end_of_time(), "''"
    ) }}

)

{{ differences(where_changed(ref('fct_order_items'), 'order_id', tables), 'known', columns) }}
