"""GA4: events of the BigQuery export, one Parquet file per day.

GA4 restates the last 3 days: late events are added and the day's file is exported again.
"""

from __future__ import annotations

import polars as pl

from ingestion.contract import Rule, Source, Stream, Time

PARAMETER = pl.Struct(
    {
        "key": pl.String(),
        "value": pl.Struct({"string_value": pl.String(), "int_value": pl.Int64(), "double_value": pl.Float64()}),
    }
)

TRAFFIC_SOURCE = pl.Struct(
    {
        "manual_source": pl.String(),
        "manual_medium": pl.String(),
        "manual_campaign_name": pl.String(),
        "manual_content": pl.String(),
        "manual_term": pl.String(),
        "gclid": pl.String(),
    }
)

EVENTS = Stream(
    name="events",
    description="What visitors did on the site and in the app.",
    grain=("user_pseudo_id", "event_timestamp", "event_name", "event_bundle_sequence_id", "batch_event_index"),
    schema={
        "event_date": pl.Date(),
        "event_timestamp": pl.Int64(),
        "event_name": pl.String(),
        "event_params": pl.List(PARAMETER),
        "user_pseudo_id": pl.String(),
        "user_id": pl.String(),
        "event_bundle_sequence_id": pl.Int64(),
        "batch_event_index": pl.Int64(),
        "device": pl.Struct(
            {
                "category": pl.String(),
                "operating_system": pl.String(),
                "language": pl.String(),
                "browser": pl.String(),
            }
        ),
        "geo": pl.Struct({"country": pl.String(), "region": pl.String(), "city": pl.String()}),
        "collected_traffic_source": TRAFFIC_SOURCE,
        "ecommerce": pl.Struct(
            {"transaction_id": pl.String(), "purchase_revenue": pl.Float64(), "total_item_quantity": pl.Int64()}
        ),
    },
    time_column="event_date",
    fresh_days=4,
    times={"event_date": Time(("%Y%m%d",))},
    restates_days=3,
    daily_file="events_%Y%m%d.parquet",
    rules=(Rule.between("event_timestamp", minimum=1),),
    optional=("event_bundle_sequence_id", "batch_event_index"),
)

SOURCE = Source(
    name="ga4",
    title="Google Analytics 4",
    owner="web analytics",
    licence="The company's own data, under the terms of Google Analytics",
    streams=(EVENTS,),
)
