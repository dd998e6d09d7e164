{{ config(materialized='table') }}
{# One part per ad platform, as its conforming model reads it. #}
{% set conversion = var('meta_ads_conversion', 'purchase') %}
with

google_ads as (

    select
        *,
        'google_ads' as platform,
        {{ from_micros('cost_micros') }} as spend_source,
        conversions as conversions_claimed,
        cast(conversions_value as decimal(38, 6)) as conversion_value_claimed_source,
        'google' as source,
        'cpc' as medium
    from ({{ versions_over_time(source('google_ads', 'ad_daily'), ['date_day', 'ad_id']) }}) as versions

),

meta_ads as (

    select
        *,
        'meta_ads' as platform,
        adset_id as ad_group_id,
        spend as spend_source,
        coalesce(cast({{ action_value('actions', conversion) }} as double), 0) as conversions_claimed,
        coalesce(cast({{ action_value('action_values', conversion) }} as decimal(38, 6)), 0)
            as conversion_value_claimed_source,
        'facebook' as source,
        'paid_social' as medium
    from ({{ versions_over_time(source('meta_ads', 'ad_daily'), ['date_day', 'ad_id'], 'updated_time') }}) as versions

),

ocean_engine as (

    select
        *,
        'ocean_engine' as platform,
        'CNY' as currency,
        cast(null as varchar) as ad_group_id,
        spend as spend_source,
        conversions as conversions_claimed,
        cast(conversions_value as decimal(38, 6)) as conversion_value_claimed_source,
        'oceanengine' as source,
        'paid_social' as medium
    from ({{ versions_over_time(source('ocean_engine', 'ad_daily'), ['date_day', 'ad_id']) }}) as versions

),

mapped as (

    select
        *,
        spend as spend_source,
        conversion_value_claimed as conversion_value_claimed_source
    from ({{ versions_over_time(
        source('mapped', 'ad_performance'),
        ['_source_name', 'platform', 'date_day', 'account_id', 'campaign_id', 'ad_group_id', 'ad_id']
    ) }}) as versions

),

united as (

    {% for part in ['google_ads', 'meta_ads', 'ocean_engine', 'mapped'] -%}
    select
        _source_name as source_name,
        platform,
        cast(date_day as date) as date_day,
        cast(account_id as varchar) as account_id,
        cast(campaign_id as varchar) as campaign_id,
        campaign_name,
        cast(ad_group_id as varchar) as ad_group_id,
        cast(ad_id as varchar) as ad_id,
        currency,
        cast(spend_source as decimal(38, 6)) as spend_source,
        impressions,
        clicks,
        cast(conversions_claimed as decimal(38, 6)) as conversions_claimed,
        cast(conversion_value_claimed_source as decimal(38, 6)) as conversion_value_claimed_source,
        lower(source) as source,
        lower(medium) as medium,
        valid_from,
        valid_to
    from {{ part }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from united
where date_day <= {{ as_of_date() }}
