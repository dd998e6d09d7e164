with

ads as (

    select *, coalesce(campaign_name, '(not set)') as campaign from {{ ref('int_history__ads') }}

),

{# A campaign's former names are known to the rules as well. #}
combinations as (

    select distinct source, medium, campaign from ads
    where source is not null and medium is not null

),

channels as (

    {{ channel_of('combinations') }}

),

fx as (

    select * from {{ ref('int_money__fx_daily') }}

),

final as (

    select
        ads.platform,
        ads.source_name,
        ads.date_day,
        ads.account_id,
        ads.campaign_id,
        ads.campaign_name as campaign,
        ads.ad_group_id,
        ads.ad_id,
        coalesce(channels.channel, 'unallocated') as channel,
        channels.channel_class,
        ads.source,
        ads.medium,
        ads.currency,
        {{ to_reporting('cast(ads.spend_source as decimal(20, 6))', 'fx.rate') }} as spend,
        {{ money('ads.spend_source') }} as spend_source,
        cast(ads.impressions as bigint) as impressions,
        cast(ads.clicks as bigint) as clicks,
        {{ money('ads.conversions_claimed') }} as conversions_claimed,
        {{ to_reporting('cast(ads.conversion_value_claimed_source as decimal(20, 6))', 'fx.rate') }}
            as conversion_value_claimed,
        fx.rate is null as is_fx_missing,
        ads.valid_from,
        ads.valid_to
    from ads
    left join channels
        on ads.source = channels.source and ads.medium = channels.medium and ads.campaign = channels.campaign
    left join fx on ads.date_day = fx.date_day and ads.currency = fx.currency

)

select * from final
