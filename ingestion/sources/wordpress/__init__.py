"""WordPress: the articles of the site; one is exported again when it is edited, and `modified` orders the versions.

WordPress writes `date` and `modified` in the site's own zone without an offset; staging takes it to be the company's.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import MONEY, TIMESTAMP, Rule, Source, Stream

POSTS = Stream(
    name="posts",
    description="Articles with topic, format, author and cost.",
    grain=("content_id",),
    schema={
        "content_id": pl.String(),
        "published_at": TIMESTAMP,
        "updated_at": TIMESTAMP,
        "slug": pl.String(),
        "url": pl.String(),
        "title": pl.String(),
        "author_name": pl.String(),
        "topic": pl.String(),
        "format": pl.String(),
        "status": pl.String(),
        "cost": MONEY,
        "is_ai_made": pl.Boolean(),
    },
    time_column="published_at",
    order_by="updated_at",
    rename={
        "id": "content_id",
        "date": "published_at",
        "modified": "updated_at",
        "link": "url",
        "author": "author_name",
        "category": "topic",
    },
    rules=(
        Rule.not_null("url"),
        Rule.accepted("status", "publish", "draft", "future", "pending", "private"),
        Rule.between("cost", minimum=0),
    ),
    optional=("slug", "cost", "is_ai_made"),
    glob="*.json*",
)

SOURCE = Source(
    name="wordpress",
    title="WordPress",
    owner="content",
    licence="The company's own content",
    streams=(POSTS,),
)
