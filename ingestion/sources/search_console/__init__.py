"""Search Console: clicks and impressions per day, query, page, country and device.

Google adds to the last 3 days until their figures are final.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import Rule, Source, Stream

SEARCH_PERFORMANCE = Stream(
    name="search_performance",
    description="How often pages were shown and clicked in Google Search, rows without a click included.",
    grain=("date", "query", "page", "country", "device"),
    schema={
        "date": pl.Date(),
        "query": pl.String(),
        "page": pl.String(),
        "country": pl.String(),
        "device": pl.String(),
        "clicks": pl.Int64(),
        "impressions": pl.Int64(),
        "ctr": pl.String(),
        "position": pl.Float64(),
    },
    time_column="date",
    fresh_days=7,
    time_zone="America/Los_Angeles",
    restates_days=3,
    rules=(
        Rule.not_null("clicks"),
        Rule.not_null("impressions"),
        Rule.between("clicks", minimum=0),
        Rule.between("impressions", minimum=0),
        Rule.between("position", minimum=1),
    ),
    optional=("ctr",),
    glob="*.csv*",
)

SOURCE = Source(
    name="search_console",
    title="Google Search Console",
    owner="search",
    licence="The company's own data, under the terms of Google Search Console",
    streams=(SEARCH_PERFORMANCE,),
)
