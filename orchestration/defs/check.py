"""One asset check per stream: its Great Expectations suite on what is landed (I11)."""

from __future__ import annotations

import dagster as dg

from ingestion import expectations
from ingestion.contract import Source, Stream
from ingestion.registry import discover
from opsloop.workspace import Workspace
from orchestration.defs.ingest import key
from orchestration.lock import run_lock


def checks(workspace: Workspace) -> list[dg.AssetChecksDefinition]:
    """Every stream's check; a failure warns and is shown, since broken rows are already in quarantine."""
    return [_check(workspace, source, stream) for source in discover() for stream in source.streams]


def _check(workspace: Workspace, source: Source, stream: Stream) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=key(source.name, stream.name),
        name="expectations",
        description=f"Great Expectations suite of {source.name}/{stream.name}: volume, freshness, key, nulls, ranges.",
    )
    def held() -> dg.AssetCheckResult:
        with run_lock(workspace):
            results = expectations.validate(workspace, [(source.name, stream.name)])
        rows = [f"| {r.expectation} | {r.column_name or ''} | {'held' if r.success else 'failed'} |" for r in results]
        table = "\n".join(["| expectation | column | outcome |", "|---|---|---|", *rows])
        return dg.AssetCheckResult(
            passed=all(result.success for result in results),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"expectations": len(results), "results": dg.MetadataValue.md(table)},
        )

    return held
