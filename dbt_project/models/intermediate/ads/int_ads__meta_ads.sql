{# Meta leaves an action out where there was none. #}
{% set conversion = var('meta_ads_conversion', 'purchase') %}
with

ad_daily as (

    select * from {{ ref('stg_meta_ads__ad_daily') }}

),

conformed as (

    select
        'meta_ads' as platform,
        date_day,
        account_id,
        '{{ var("meta_ads_time_zone", var("time_zone")) }}' as account_time_zone,
        currency,
        campaign_id,
        campaign_name,
        adset_id as ad_group_id,
        adset_name as ad_group_name,
        ad_id,
        ad_name,
        spend as spend_source,
        impressions,
        clicks,
        coalesce(cast({{ action_value('actions', conversion) }} as double), 0) as conversions_claimed,
        coalesce(
            cast({{ action_value('action_values', conversion) }} as decimal(38, 6)), 0
        ) as conversion_value_claimed_source,
        'facebook' as source,
        'paid_social' as medium,
        source_name
    from ad_daily

)

select * from conformed
