"""Ocean Engine (巨量引擎): cost and delivery per ad and day, from the console's CSV download.

The console restates conversions for 28 days; its CSV is GB18030 with Chinese headers, days are Beijing's, money is CNY.
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
        "campaign_id": pl.String(),
        "campaign_name": pl.String(),
        "ad_id": pl.String(),
        "ad_name": pl.String(),
        "spend": MONEY,
        "impressions": pl.Int64(),
        "clicks": pl.Int64(),
        "conversions": pl.Float64(),
        "conversions_value": MONEY,
    },
    time_column="date_day",
    fresh_days=7,
    time_zone="Asia/Shanghai",
    restates_days=28,
    rename={
        "日期": "date_day",
        "账户ID": "account_id",
        "项目ID": "campaign_id",
        "项目名称": "campaign_name",
        "广告ID": "ad_id",
        "广告名称": "ad_name",
        "消耗": "spend",
        "展示数": "impressions",
        "点击数": "clicks",
        "转化数": "conversions",
        "成交金额": "conversions_value",
    },
    rules=(
        Rule.not_null("spend"),
        Rule.between("spend", minimum=0),
        Rule.between("impressions", minimum=0),
        Rule.between("clicks", minimum=0),
        Rule.between("conversions", minimum=0),
        Rule.between("conversions_value", minimum=0),
    ),
    glob="*.csv*",
)

SOURCE = Source(
    name="ocean_engine",
    title="Ocean Engine (巨量引擎)",
    owner="performance marketing",
    licence="The company's own data, under the terms of Ocean Engine",
    streams=(AD_DAILY,),
)
