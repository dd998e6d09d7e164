"""Social listening: what others say about our brand and its competitors; a mention never changes."""

from __future__ import annotations

import polars as pl

from ingestion.contract import TIMESTAMP, Rule, Source, Stream

MENTIONS = Stream(
    name="mentions",
    description="Public posts and reviews that name a tracked brand.",
    grain=("mention_id",),
    schema={
        "mention_id": pl.String(),
        "published_at": TIMESTAMP,
        "platform": pl.String(),
        "language": pl.String(),
        "author": pl.String(),
        "text": pl.String(),
        "brand": pl.String(),
        "reach": pl.Int64(),
        "sentiment": pl.String(),
        "url": pl.String(),
    },
    time_column="published_at",
    pii={"author": "text"},
    rules=(
        Rule.not_null("published_at"),
        Rule.not_null("brand"),
        Rule.accepted("sentiment", "negative", "neutral", "positive"),
        Rule.between("reach", minimum=0),
    ),
    optional=("author", "url"),
    glob="*.json*",
)

SOURCE = Source(
    name="listening",
    title="Social listening",
    owner="brand",
    licence="Public posts, under the listening tool's terms",
    streams=(MENTIONS,),
)
