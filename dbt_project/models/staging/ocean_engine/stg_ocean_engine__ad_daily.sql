with

source as (

    {{ current_version(source('ocean_engine', 'ad_daily'), ['date_day', 'ad_id']) }}

),

renamed as (

    select
        -- ids
        cast(account_id as varchar) as account_id,
        cast(campaign_id as varchar) as campaign_id,
        cast(ad_id as varchar) as ad_id,

        -- dimensions
        campaign_name,
        ad_name,

        -- measures
        cast(spend as decimal(18, 6)) as spend,
        impressions,
        clicks,
        conversions,
        cast(conversions_value as decimal(38, 6)) as conversions_value,

        -- dates
        cast(date_day as date) as date_day,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
