"""Google Ads: cost and delivery per ad and day.

Google Ads restates conversions, and credits for invalid clicks, within the last 28 days.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import MONEY, Rule, Source, Stream

AD_DAILY = Stream(
    name="ad_daily",
    description="What each ad cost and brought.",
    grain=("date_day", "ad_id"),
    schema={
        "date_day": pl.Date(),
        "account_id": pl.String(),
        "currency": pl.String(),
        "account_time_zone": pl.String(),
        "campaign_id": pl.String(),
        "campaign_name": pl.String(),
        "campaign_type": pl.String(),
        "ad_group_id": pl.String(),
        "ad_group_name": pl.String(),
        "ad_id": pl.String(),
        "cost_micros": pl.Int64(),
        "impressions": pl.Int64(),
        "clicks": pl.Int64(),
        "conversions": pl.Float64(),
        "conversions_value": MONEY,
    },
    time_column="date_day",
    fresh_days=7,
    restates_days=28,
    rename={
        "segments.date": "date_day",
        "customer.id": "account_id",
        "customer.currency_code": "currency",
        "customer.time_zone": "account_time_zone",
        "campaign.id": "campaign_id",
        "campaign.name": "campaign_name",
        "campaign.advertising_channel_type": "campaign_type",
        "ad_group.id": "ad_group_id",
        "ad_group.name": "ad_group_name",
        "ad_group_ad.ad.id": "ad_id",
        "metrics.cost_micros": "cost_micros",
        "metrics.impressions": "impressions",
        "metrics.clicks": "clicks",
        "metrics.conversions": "conversions",
        "metrics.conversions_value": "conversions_value",
    },
    rules=(
        Rule.not_null("cost_micros"),
        Rule.between("cost_micros", minimum=0),
        Rule.between("impressions", minimum=0),
        Rule.between("clicks", minimum=0),
        Rule.between("conversions", minimum=0),
        Rule.between("conversions_value", minimum=0),
        Rule.matches("currency", r"^[A-Z]{3}$"),
        Rule.not_null("currency"),
    ),
    glob="*.csv*",
)

SOURCE = Source(
    name="google_ads",
    title="Google Ads",
    owner="performance marketing",
    licence="The company's own data, under the terms of Google Ads",
    streams=(AD_DAILY,),
)
