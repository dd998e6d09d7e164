with

ad_daily as (

    select * from {{ ref('stg_google_ads__ad_daily') }}

),

conformed as (

    select
        'google_ads' as platform,
        date_day,
        account_id,
        account_time_zone,
        currency,
        campaign_id,
        campaign_name,
        ad_group_id,
        ad_group_name,
        ad_id,
        cast(null as varchar) as ad_name,
        spend as spend_source,
        impressions,
        clicks,
        conversions as conversions_claimed,
        conversions_value as conversion_value_claimed_source,
        'google' as source,
        'cpc' as medium,
        source_name
    from ad_daily

)

select * from conformed
