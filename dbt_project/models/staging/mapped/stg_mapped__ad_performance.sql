with

source as (

    {{ current_version(
        source('mapped', 'ad_performance'),
        ['_source_name', 'platform', 'date_day', 'account_id', 'campaign_id', 'ad_group_id', 'ad_id']
    ) }}

),

renamed as (

    select
        -- ids
        account_id,
        campaign_id,
        ad_group_id,
        ad_id,

        -- dimensions
        platform,
        account_time_zone,
        currency,
        campaign_name,
        ad_group_name,
        ad_name,
        source,
        medium,

        -- measures
        spend as spend_source,
        conversions_claimed,
        conversion_value_claimed as conversion_value_claimed_source,
        impressions,
        clicks,

        -- dates
        date_day,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed
