with

source as (

    {{ current_version(source('meta_ads', 'ad_daily'), ['date_day', 'ad_id'], 'updated_time') }}

),

renamed as (

    select
        -- ids
        cast(account_id as varchar) as account_id,
        cast(campaign_id as varchar) as campaign_id,
        cast(adset_id as varchar) as adset_id,
        cast(ad_id as varchar) as ad_id,

        -- dimensions
        campaign_name,
        adset_name,
        ad_name,
        currency,

        -- measures
        cast(spend as decimal(18, 6)) as spend,
        impressions,
        clicks,
        actions,
        action_values,

        -- dates
        cast(date_day as date) as date_day,
        updated_time as updated_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
