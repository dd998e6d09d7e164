"""Qualtrics: answers to the NPS survey; an answer never changes once recorded."""

from __future__ import annotations

import polars as pl

from ingestion.contract import TIMESTAMP, Rule, Source, Stream

RESPONSES = Stream(
    name="responses",
    description="How likely customers are to recommend the company, and why.",
    grain=("response_id",),
    schema={
        "response_id": pl.String(),
        "recorded_at": TIMESTAMP,
        "email": pl.String(),
        "nps_score": pl.Int64(),
        "comment": pl.String(),
        "language": pl.String(),
    },
    time_column="recorded_at",
    pii={"email": "email"},
    rename={
        "ResponseId": "response_id",
        "RecordedDate": "recorded_at",
        "RecipientEmail": "email",
        "Q_NPS": "nps_score",
        "Q_COMMENT": "comment",
        "UserLanguage": "language",
    },
    rules=(
        Rule.not_null("recorded_at"),
        Rule.not_null("nps_score"),
        Rule.between("nps_score", minimum=0, maximum=10),
    ),
    glob="*.csv*",
)

SOURCE = Source(
    name="qualtrics",
    title="Qualtrics",
    owner="customer experience",
    licence="The company's own data, under Qualtrics' terms",
    streams=(RESPONSES,),
)
