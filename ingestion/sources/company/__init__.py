"""The company's own tables: campaign calendar, exchange rates, targets, platform changes and costs beside media.

They are kept by hand or by finance; a row that is exported again replaces the one of the same key.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import MONEY, Rule, Source, Stream

CURRENCY = r"^[A-Z]{3}$"

CAMPAIGN_CALENDAR = Stream(
    name="campaign_calendar",
    description="Campaigns, online and offline, with dates, cost, goal and owner.",
    grain=("campaign_id",),
    schema={
        "campaign_id": pl.String(),
        "name": pl.String(),
        "name_zh": pl.String(),
        "kind": pl.String(),
        "channel": pl.String(),
        "starts_on": pl.Date(),
        "ends_on": pl.Date(),
        "cost": MONEY,
        "currency": pl.String(),
        "goal": pl.String(),
        "owner": pl.String(),
    },
    time_column="starts_on",
    rules=(Rule.not_null("starts_on"), Rule.matches("currency", CURRENCY), Rule.between("cost", minimum=0)),
    glob="*.csv*",
)

FX_RATES = Stream(
    name="fx_rates",
    description="Exchange rates by day.",
    owner="finance",
    grain=("date_day", "from_currency", "to_currency"),
    schema={
        "date_day": pl.Date(),
        "from_currency": pl.String(),
        "to_currency": pl.String(),
        "rate": pl.Float64(),
    },
    time_column="date_day",
    rules=(
        Rule.not_null("rate"),
        Rule.between("rate", minimum=0.000001),
        Rule.matches("from_currency", CURRENCY),
        Rule.matches("to_currency", CURRENCY),
    ),
    glob="*.csv*",
)

TARGETS = Stream(
    name="targets",
    description="What each metric should reach in a month.",
    grain=("month", "metric"),
    schema={"month": pl.Date(), "metric": pl.String(), "target": MONEY},
    time_column="month",
    rules=(Rule.not_null("target"),),
    glob="*.csv*",
)

PLATFORM_CHANGES = Stream(
    name="platform_changes",
    description="Changes that platforms made, such as of a ranking algorithm.",
    grain=("changed_on", "platform", "title"),
    schema={"changed_on": pl.Date(), "platform": pl.String(), "title": pl.String(), "title_zh": pl.String()},
    time_column="changed_on",
    glob="*.csv*",
)

COSTS = Stream(
    name="costs",
    description="Salaries and tools of marketing by month, by channel where they serve one.",
    owner="finance",
    grain=("month", "kind", "channel"),
    schema={
        "month": pl.Date(),
        "kind": pl.String(),
        "channel": pl.String(),
        "amount": MONEY,
        "currency": pl.String(),
    },
    time_column="month",
    rules=(Rule.not_null("amount"), Rule.between("amount", minimum=0), Rule.matches("currency", CURRENCY)),
    optional=("channel",),
    glob="*.csv*",
)

SOURCE = Source(
    name="company",
    title="The company's own tables",
    owner="marketing operations",
    licence="The company's own data",
    streams=(CAMPAIGN_CALENDAR, FX_RATES, TARGETS, PLATFORM_CHANGES, COSTS),
)
