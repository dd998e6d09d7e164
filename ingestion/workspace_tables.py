"""The workspace's own tables for dbt: settings, rules, log and scores, compiled to Parquet and shown as views."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ingestion import jobs, refusals, registry
from ingestion.batch import QUARANTINE
from ingestion.commitlog import Commit
from ingestion.types import sql_type
from opsloop.workspace import Workspace

TEXT, WHOLE, MOMENT = pl.String(), pl.Int64(), pl.Datetime("us")
Schema = Mapping[str, pl.DataType]

RULE_COLUMNS = ("source_pattern", "medium_pattern", "campaign_pattern", "channel", "channel_class")
TABLES: dict[str, Schema] = {
    "settings": {
        "as_of": MOMENT,
        "as_of_date": pl.Date(),
        "company": TEXT,
        "time_zone": TEXT,
        "currency": TEXT,
        "week_start": TEXT,
        "fiscal_year_start": WHOLE,
        "default_model": TEXT,
        "lookback_days": WHOLE,
        "minimum_sample": WHOLE,
        "orders_days": WHOLE,
        "ads_days": WHOLE,
        "session_timeout_minutes": WHOLE,
        "session_max_hours": WHOLE,
    },
    "channel_rules": {
        "priority": WHOLE,
        **dict.fromkeys(RULE_COLUMNS, TEXT),
        "example_source": TEXT,
        "example_medium": TEXT,
    },
    "traffic_rules": {
        "priority": WHOLE,
        **dict.fromkeys(("rule", "kind", "field", "pattern"), TEXT),
        "at_least": WHOLE,
        "label_en": TEXT,
        "label_zh": TEXT,
    },
    "funnels": {
        **dict.fromkeys(("funnel_name", "label_en", "label_zh"), TEXT),
        "window_days": WHOLE,
        "step_index": WHOLE,
        "step_name": TEXT,
        "event_name": TEXT,
        "is_optional": pl.Boolean(),
    },
    "brands": {"brand": TEXT, "is_own": pl.Boolean()},
    "conversion_events": {"event_name": TEXT},
    "batches": {
        "batch": WHOLE,
        **dict.fromkeys(("source_name", "source", "stream"), TEXT),
        "landed_at": MOMENT,
        **dict.fromkeys(("rows_read", "duplicates", "refused", "quarantined", "landed", "files"), WHOLE),
    },
    "streams": {
        **dict.fromkeys(("source", "stream", "owner", "time_column"), TEXT),
        "restates_days": WHOLE,
        "is_on": pl.Boolean(),
        "last_landed_at": MOMENT,
    },
    "refused_files": {**dict.fromkeys(("source", "stream", "file", "message"), TEXT), "seen_at": MOMENT},
}
IDENTITY = ("person_ids", "person_history", "person_aliases", "identity_audit")
# Written by other parts of the product; here only so that the views exist, typed, before they are.
FROM_OTHERS: dict[str, Schema] = {
    "person_ids": {**dict.fromkeys(("id_kind", "id_value", "person_id"), TEXT), "first_seen_at": MOMENT},
    "person_history": {
        **dict.fromkeys(("id_kind", "id_value", "person_id"), TEXT),
        **dict.fromkeys(("valid_from", "valid_to"), MOMENT),
    },
    "person_aliases": dict.fromkeys(("former_person_id", "id_kind", "id_value", "person_id"), TEXT),
    "identity_audit": {
        **dict.fromkeys(("reason", "id_kind", "id_value", "other_kind", "other_value"), TEXT),
        **dict.fromkeys(("seen", "most"), WHOLE),
        "first_seen_at": MOMENT,
    },
    "attribution_weights": {
        **dict.fromkeys(("conversion_kind", "attribution_model", "channel"), TEXT),
        **dict.fromkeys(("removal_effect", "credit_share", "share_low", "share_high"), pl.Float64()),
        **dict.fromkeys(("conversions", "journeys"), WHOLE),
    },
    "customer_scores": {
        "person_id": TEXT,
        "scored_on": pl.Date(),
        "churn_probability": pl.Float64(),
        **dict.fromkeys(("churn_band", "churn_reason_1", "churn_reason_2", "churn_reason_3"), TEXT),
        **dict.fromkeys(("ltv_expected", "ltv_low", "ltv_high"), pl.Float64()),
        "model_version": TEXT,
    },
    "expectations": {
        **dict.fromkeys(("source", "stream", "expectation", "column_name"), TEXT),
        "success": pl.Boolean(),
        "observed": TEXT,
        "checked_at": MOMENT,
    },
    "quarantine": {name: dtype for name, dtype in QUARANTINE.items() if name != "raw"},
}


def attach(con: duckdb.DuckDBPyConnection, ws: Workspace, committed: list[Commit]) -> None:
    """Compile the tables to `state/config` and make a view of each in the schema `workspace`."""
    con.execute("create schema if not exists workspace")
    for name, rows in _rows(ws, committed).items():
        path = ws.config / f"{name}.parquet"
        _write(pl.DataFrame(rows, schema=TABLES[name], orient="row"), path)
        _view(con, name, [path], TABLES[name])
    files = {
        **{name: [ws.config / f"{name}.parquet"] for name in IDENTITY},
        "attribution_weights": [ws.config / "attribution_weights.parquet"],
        "customer_scores": sorted((ws.scores / "customer_scores").glob("*.parquet")),
        "expectations": [ws.config / "expectations.parquet"],
        "quarantine": [ws.lake / path for entry in committed for path in entry.quarantine],
    }
    for name, paths in files.items():
        _view(con, name, [path for path in paths if path.exists()], FROM_OTHERS[name])


def _view(con: duckdb.DuckDBPyConnection, name: str, paths: Sequence[Path], schema: Schema) -> None:
    """A typed view over the files, empty where there are none; a column that an older file lacks is empty."""
    columns = [(f'"{column}"', sql_type(dtype)) for column, dtype in schema.items()]
    rows = f"select {', '.join(f'cast(null as {dtype}) as {column}' for column, dtype in columns)} where false"
    if paths:
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
        files = f"from read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
        typed = ", ".join(f"cast({column} as {dtype}) as {column}" for column, dtype in columns)
        rows = f"select {typed} from ({rows} union all by name {files})"
    con.execute(f"create or replace view workspace.{name} as {rows}")


def _write(frame: pl.DataFrame, path: Path) -> None:
    """Write the table whole or not at all."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    frame.write_parquet(temporary)
    os.replace(temporary, path)  # noqa: PTH105


def _rows(ws: Workspace, committed: list[Commit]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each table that this module writes."""
    settings = ws.settings
    brands = [(brand, True) for brand in settings.own_brands]
    brands += [(brand, False) for brand in settings.competitor_brands]
    refused = [(r.source, r.stream, r.file, r.message, _naive(r.seen_at)) for r in refusals.load(ws) if r.message]
    return {
        "settings": [_settings(ws)],
        "channel_rules": [
            (priority, *(getattr(rule, column) for column in RULE_COLUMNS), None, None)
            for priority, rule in enumerate(settings.channel_rules, start=1)
        ],
        "traffic_rules": [
            (priority, rule.rule, rule.kind, rule.field, rule.pattern, rule.at_least, rule.label_en, rule.label_zh)
            for priority, rule in enumerate(settings.traffic_rules, start=1)
        ],
        "funnels": _funnels(ws),
        "brands": brands,
        "conversion_events": [(event,) for event in settings.conversion_events],
        "batches": [_batch(entry) for entry in committed],
        "streams": _streams(ws, committed),
        "refused_files": refused,
    }


def _settings(ws: Workspace) -> tuple[Any, ...]:
    """The one row of settings."""
    settings = ws.settings
    return (
        ws.as_of.replace(tzinfo=None),
        ws.as_of_date,
        settings.company.name,
        settings.time_zone,
        settings.currency,
        settings.week_start,
        settings.fiscal_year_start,
        settings.attribution.default_model,
        settings.attribution.lookback_days,
        settings.minimum_sample,
        settings.windows.orders_days,
        settings.windows.ads_days,
        settings.session.timeout_minutes,
        settings.session.max_hours,
    )


def _funnels(ws: Workspace) -> list[tuple[Any, ...]]:
    """One row per funnel and step."""
    return [
        (
            *(funnel.name, funnel.label_en, funnel.label_zh, funnel.window_days),
            *(index, name, step.event, step.optional),
        )
        for funnel in ws.settings.funnels
        for index, (step, name) in enumerate(zip(funnel.steps, funnel.definition.row_names, strict=True), start=1)
    ]


def _batch(entry: Commit) -> tuple[Any, ...]:
    """One row of the log."""
    names = (entry.source_name, entry.source, entry.stream)
    counts = (entry.read, entry.duplicates, entry.refused, entry.quarantined, entry.landed)
    return (entry.batch, *names, entry.at.replace(tzinfo=None), *counts, len(entry.files))


def _streams(ws: Workspace, committed: list[Commit]) -> list[tuple[Any, ...]]:
    """One row per declared stream; a mapped one is on where a mapping fills it."""
    landed = {(entry.source, entry.stream): entry.at.replace(tzinfo=None) for entry in committed}
    on = jobs.streams_on(ws)
    return [
        (
            source.name,
            stream.name,
            stream.owner or source.owner,
            stream.time_column,
            stream.restates_days,
            (source.name, stream.name) in on,
            landed.get((source.name, stream.name)),
        )
        for source in registry.discover()
        for stream in source.streams
    ]


def _naive(moment: str) -> Any:
    """An ISO time in UTC without its zone."""
    import datetime as dt

    return dt.datetime.fromisoformat(moment).replace(tzinfo=None)
