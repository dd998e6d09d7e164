{# What was known just now is what the mart says (X6). #}
{{ config(meta={'dagster': {'ref': {'name': 'fct_ad_performance_history'}}}) }}
{% set columns = [
    'source_name', 'platform', 'date_day', 'account_id', 'campaign_id', 'campaign', 'ad_group_id', 'ad_id', 'channel',
    'channel_class', 'currency', 'spend', 'spend_source', 'impressions', 'clicks', 'conversions_claimed',
    'conversion_value_claimed', 'is_fx_missing', 'maturity'
] | join(', ') %}
with

known as (

    {{ fct_ad_performance_daily_as_known(
        ref('fct_ad_performance_history'), end_of_time(), as_of_date(), maturity('date_day', var('ads_days'))
    ) }}

)

{{ differences(ref('fct_ad_performance_daily'), 'known', columns) }}
