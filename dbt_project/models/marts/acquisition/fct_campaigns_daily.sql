{# Ads and the visits they paid for meet by source, medium and campaign (A4). What has only one side stays, and says so:
   a campaign counts as matched if it ever had both, since a day may well have one without the other. #}
with

ads as (

    select
        date_day,
        source,
        medium,
        coalesce(campaign, 'unallocated') as campaign,
        string_agg(distinct platform, ', ' order by platform) as platform,
        min(channel) as channel,
        sum(spend) as spend,
        cast(count(*) filter (where is_fx_missing) as bigint) as rows_without_rate,
        sum(clicks) as clicks
    from {{ ref('fct_ad_performance_daily') }}
    group by all

),

visits as (

    select
        session_date as date_day,
        source,
        medium,
        campaign,
        min(channel) as channel,
        count(*) as sessions
    from {{ ref('fct_sessions') }}
    where channel_class = 'paid'
    group by all

),

{# Without a source or a campaign there is nothing to meet by, so such rows never match. #}
met as (

    select
        coalesce(ads.date_day, visits.date_day) as date_day,
        coalesce(ads.source, visits.source) as source,
        coalesce(ads.medium, visits.medium) as medium,
        coalesce(ads.campaign, visits.campaign) as campaign,
        coalesce(ads.channel, visits.channel) as channel,
        ads.platform,
        ads.spend,
        ads.rows_without_rate,
        ads.clicks,
        visits.sessions
    from ads
    full outer join visits
        on ads.date_day = visits.date_day
        and ads.source = visits.source
        and ads.medium = visits.medium
        and ads.campaign = visits.campaign

),

final as (

    select
        date_day,
        source,
        medium,
        campaign,
        channel,
        platform,
        {{ money('coalesce(spend, 0)') }} as spend,
        coalesce(rows_without_rate, 0) as rows_without_rate,
        cast(coalesce(clicks, 0) as bigint) as clicks,
        coalesce(sessions, 0) as sessions,
        case
            when count(sessions) over (partition by source, medium, campaign) = 0 then 'spend_without_visits'
            when count(platform) over (partition by source, medium, campaign) = 0 then 'visits_without_spend'
            else 'matched'
        end as match
    from met

)

select * from final
