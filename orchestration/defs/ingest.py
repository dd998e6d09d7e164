"""One asset per stream: what has arrived in the drop folder is landed in the lake."""

from typing import Any

import dagster as dg
import duckdb

from ingestion import lake, landing
from ingestion.contract import Source, Stream
from ingestion.registry import discover
from ingestion.report import LandReport
from opsloop.workspace import Workspace
from orchestration import facts
from orchestration.lock import run_lock

RETRY = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
FIRST_DAY = "2020-01-01"


def key(source: str, stream: str) -> dg.AssetKey:
    """The asset key of a stream."""
    return dg.AssetKey(["landing", source, stream])


def assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """Every stream's asset, in registry order."""
    return [_asset(workspace, source, stream) for source in discover() for stream in source.streams]


def days(workspace: Workspace, stream: Stream) -> dg.DailyPartitionsDefinition | None:
    """Daily partitions for a stream whose source writes one file a day."""
    if stream.daily_file is None:
        return None
    return dg.DailyPartitionsDefinition(FIRST_DAY, timezone=workspace.settings.time_zone)


def _asset(workspace: Workspace, source: Source, stream: Stream) -> dg.AssetsDefinition:
    partitions = days(workspace, stream)

    @dg.asset(
        key=key(source.name, stream.name),
        group_name="landing",
        description=stream.description or f"{source.title}: {stream.name}, one row per {', '.join(stream.grain)}.",
        kinds={"parquet"},
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.single_run() if partitions else None,
        retry_policy=RETRY,
        pool="warehouse",
        metadata={
            "owner": stream.owner or source.owner,
            "licence": source.licence,
            "restates_days": stream.restates_days,
        },
    )
    def landed(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        partitioned = context.has_partition_key or context.has_partition_key_range
        names = {str(stream.daily_name(day)) for day in context.partition_keys} if partitioned else None
        with run_lock(workspace):
            report = landing.land(workspace, select=[f"{source.name}/{stream.name}"], names=names)
        return dg.MaterializeResult(metadata={**_outcome(report), **_content(workspace, source, stream)})

    return landed


def _outcome(report: LandReport) -> dict[str, Any]:
    """What became of the rows that lay ready."""
    return {
        "rows_read": report.read,
        "rows_landed": report.landed,
        "duplicates": report.duplicates,
        "quarantined": report.quarantined,
        "refused": report.refused,
        "messages": dg.MetadataValue.md("\n".join(f"- {line}" for line in report.messages) or "none"),
    }


def _content(workspace: Workspace, source: Source, stream: Stream) -> dict[str, Any]:
    """What the lake now has of the stream: all versions of its rows."""
    dtype = stream.lake_schema.get(stream.time_column or "")
    day = f'"{stream.time_column}"' if dtype is not None and dtype.is_temporal() else None
    with duckdb.connect() as connection:
        rows = lake.stream_sql(workspace, source, stream, lake.batches(workspace))
        connection.execute(f"create view landed as {rows}")
        return facts.of_table(connection, "main", "landed", day)
