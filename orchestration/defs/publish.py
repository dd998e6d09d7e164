"""The published snapshot: what pages, packs and the command line read."""

from __future__ import annotations

import json

import dagster as dg

from opsloop.workspace import Workspace
from orchestration import facts, tally, transform
from orchestration import publish as publishing
from orchestration.lock import run_lock

SNAPSHOT = dg.AssetKey(["published", "snapshot"])


def assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """The snapshot, which needs every mart."""
    manifest = json.loads(transform.manifest(workspace).read_text(encoding="utf-8"))
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    marts = [node["name"] for node in models if node["schema"] == "marts"]

    @dg.asset(
        key=SNAPSHOT,
        group_name="published",
        deps=[dg.AssetKey(["marts", name]) for name in sorted(marts)],
        pool="warehouse",
        description="A read-only copy of every mart, swapped in whole.",
    )
    def snapshot() -> dg.MaterializeResult[None]:
        from dashboards.segments.members import remember_sizes

        with run_lock(workspace):
            snapshot_id = publishing.publish(workspace, tally.count(workspace, manifest))
            problems = remember_sizes(workspace, snapshot_id)
        folder = workspace.published / snapshot_id
        rows = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))["rows"]
        table = dg.MetadataValue.md(facts.markdown(["table", "rows"], list(rows.items())))
        return dg.MaterializeResult(
            metadata={
                "snapshot": snapshot_id,
                "rows": table,
                "path": dg.MetadataValue.path(folder),
                "segments_not_answered": problems,
            }
        )

    return [snapshot]
