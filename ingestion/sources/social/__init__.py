"""Social accounts: each post's figures as they stood on a day, over all networks.

Figures are cumulative since the post was published; a day's snapshot may be corrected within 3 days.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import TIMESTAMP, Rule, Source, Stream

COUNTS = ("reach", "impressions", "likes", "comments", "shares", "saves", "video_seconds", "followers_gained")

POSTS = Stream(
    name="posts",
    description="Daily snapshots of each post's cumulative figures.",
    grain=("snapshot_date", "platform", "post_id"),
    schema={
        "snapshot_date": pl.Date(),
        "platform": pl.String(),
        "account_id": pl.String(),
        "post_id": pl.String(),
        "published_at": TIMESTAMP,
        "format": pl.String(),
        "title": pl.String(),
        **{column: pl.Int64() for column in COUNTS},
    },
    time_column="snapshot_date",
    fresh_days=7,
    restates_days=3,
    rules=(
        Rule.not_null("published_at"),
        *(Rule.between(column, minimum=0) for column in COUNTS if column != "followers_gained"),
    ),
    glob="*.csv*",
)

SOURCE = Source(
    name="social",
    title="Social accounts",
    owner="social media",
    licence="The company's own data, under each network's terms",
    streams=(POSTS,),
)
