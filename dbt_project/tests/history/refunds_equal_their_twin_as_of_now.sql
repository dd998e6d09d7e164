{# What was known just now is what the mart says (X6). #}
{{ config(meta={'dagster': {'ref': {'name': 'fct_refunds_history'}}}) }}
{% set columns = [
    'source_name', 'refund_id', 'order_id', 'person_id', 'refund_date', 'order_date', 'refunds',
    'refunds_of_cancelled', 'is_fx_missing', 'channel', 'segment', 'currency', 'cohort'
] | join(', ') %}
with

known as (

    {{ fct_refunds_as_known(ref('fct_refunds_history'), ref('fct_orders'), end_of_time(), as_of_date(), "''") }}

)

{{ differences(ref('fct_refunds'), 'known', columns) }}
