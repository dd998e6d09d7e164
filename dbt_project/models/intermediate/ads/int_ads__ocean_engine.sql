with

ad_daily as (

    select * from {{ ref('stg_ocean_engine__ad_daily') }}

),

conformed as (

    select
        'ocean_engine' as platform,
        date_day,
        account_id,
        'Asia/Shanghai' as account_time_zone,
        'CNY' as currency,
        campaign_id,
        campaign_name,
        cast(null as varchar) as ad_group_id,
        cast(null as varchar) as ad_group_name,
        ad_id,
        ad_name,
        spend as spend_source,
        impressions,
        clicks,
        conversions as conversions_claimed,
        conversions_value as conversion_value_claimed_source,
        'oceanengine' as source,
        'paid_social' as medium,
        source_name
    from ad_daily

)

select * from conformed
