{{ config(materialized='table') }}
{# One line per ad platform. #}
with

unioned as (

    select * from {{ ref('int_ads__google_ads') }}
    union all by name
    select * from {{ ref('int_ads__meta_ads') }}
    union all by name
    select * from {{ ref('int_ads__ocean_engine') }}
    union all by name
    select * from {{ ref('stg_mapped__ad_performance') }}

),

conformed as (

    select
        platform,
        date_day,
        account_id,
        account_time_zone,
        currency,
        campaign_id,
        campaign_name,
        ad_group_id,
        ad_group_name,
        ad_id,
        ad_name,
        cast(spend_source as decimal(38, 6)) as spend_source,
        impressions,
        clicks,
        cast(conversions_claimed as decimal(38, 6)) as conversions_claimed,
        cast(conversion_value_claimed_source as decimal(38, 6)) as conversion_value_claimed_source,
        lower(source) as source,
        lower(medium) as medium,
        source_name
    from unioned
    where date_day <= {{ as_of_date() }}

)

select * from conformed
