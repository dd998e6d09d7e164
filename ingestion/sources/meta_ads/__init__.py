"""Meta Ads: cost and delivery per ad and day, as the insights API gives them (numbers as text).

Meta restates the last 28 days, so each run reads that window again; `updated_time` orders the versions.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import MONEY, TIMESTAMP, Rule, Source, Stream

ACTIONS = pl.List(pl.Struct({"action_type": pl.String(), "value": pl.String()}))

AD_DAILY = Stream(
    name="ad_daily",
    description="What each ad cost and brought.",
    grain=("date_day", "ad_id"),
    schema={
        "date_day": pl.Date(),
        "date_stop": pl.Date(),
        "account_id": pl.String(),
        "currency": pl.String(),
        "campaign_id": pl.String(),
        "campaign_name": pl.String(),
        "adset_id": pl.String(),
        "adset_name": pl.String(),
        "ad_id": pl.String(),
        "ad_name": pl.String(),
        "spend": MONEY,
        "impressions": pl.Int64(),
        "clicks": pl.Int64(),
        "actions": ACTIONS,
        "action_values": ACTIONS,
        "updated_time": TIMESTAMP,
    },
    time_column="date_day",
    fresh_days=7,
    restates_days=28,
    order_by="updated_time",
    rename={"date_start": "date_day", "account_currency": "currency"},
    rules=(
        Rule.not_null("spend"),
        Rule.between("spend", minimum=0),
        Rule.between("impressions", minimum=0),
        Rule.between("clicks", minimum=0),
        Rule.matches("currency", r"^[A-Z]{3}$"),
        Rule.not_null("currency"),
    ),
    optional=("date_stop", "actions", "action_values"),
    glob="*.json*",
)

SOURCE = Source(
    name="meta_ads",
    title="Meta Ads",
    owner="performance marketing",
    licence="The company's own data, under the terms of the Meta Marketing API",
    streams=(AD_DAILY,),
)
