{# What was known just now is what the mart says (X6). #}
{{ config(meta={'dagster': {'ref': {'name': 'fct_deals_history'}}}) }}
{% set columns = [
    'source_name', 'deal_id', 'lead_id', 'created_date', 'is_won', 'won_date', 'deal_value', 'currency', 'origin',
    'segment'
] | join(', ') %}
with

known as (

    {{ fct_deals_as_known(ref('fct_deals_history'), end_of_time(), as_of_date(), "''") }}

)

{{ differences(ref('fct_deals'), 'known', columns) }}
