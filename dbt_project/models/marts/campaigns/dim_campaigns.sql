with

campaigns as (

    select * from {{ ref('int_company__campaign_calendar') }}

),

recipients_of_campaign as (

    select campaign_id, count(distinct person_id) as recipients
    from {{ ref('fct_messages') }}
    group by campaign_id

),

redeemers_of_campaign as (

    select campaign_id, count(distinct person_id) as redeemers
    from {{ ref('fct_coupon_redemptions') }}
    group by campaign_id

),

final as (

    select
        campaigns.campaign_id,
        campaigns.source_name,
        campaigns.name,
        campaigns.name_zh,
        campaigns.kind,
        campaigns.channel,
        campaigns.starts_on,
        campaigns.ends_on,
        {{ to_reporting('cast(campaigns.cost_source as decimal(20, 6))', 'fx.rate') }} as cost,
        campaigns.currency,
        campaigns.cost_source is not null and fx.rate is null as is_fx_missing,
        campaigns.goal,
        campaigns.owner,
        coalesce(recipients_of_campaign.recipients, 0) as recipients,
        coalesce(redeemers_of_campaign.redeemers, 0) as redeemers,
        {{ maturity('campaigns.ends_on') }} as maturity
    from campaigns
    left join recipients_of_campaign on campaigns.campaign_id = recipients_of_campaign.campaign_id
    left join redeemers_of_campaign on campaigns.campaign_id = redeemers_of_campaign.campaign_id
    left join {{ ref('int_money__fx_daily') }} as fx
        on campaigns.starts_on = fx.date_day and campaigns.currency = fx.currency

)

select * from final
