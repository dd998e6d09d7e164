"""The published snapshot: what pages, packs and the command line read."""

from __future__ import annotations

import json

import dagster as dg

from opsloop.workspace import Workspace
from orchestration import publish as publishing
from orchestration import transform
from orchestration.lock import run_lock

SNAPSHOT = dg.AssetKey(["published", "snapshot"])


def assets(workspace: Workspace) -> list[dg.AssetsDefinition]:
    """The snapshot, which needs every mart."""
    nodes = json.loads(transform.manifest(workspace).read_text(encoding="utf-8"))["nodes"].values()
    marts = [node["name"] for node in nodes if node["resource_type"] == "model" and node["schema"] == "marts"]

    @dg.asset(
        key=SNAPSHOT,
        group_name="published",
        deps=[dg.AssetKey(["marts", name]) for name in sorted(marts)],
        pool="warehouse",
        description="A read-only copy of every mart, swapped in whole.",
    )
    def snapshot() -> dg.MaterializeResult[None]:
        with run_lock(workspace):
            snapshot_id = publishing.publish(workspace, {})
        folder = workspace.published / snapshot_id
        rows = json.loads((folder / "snapshot.json").read_text(encoding="utf-8"))["rows"]
        lines = ["| table | rows |", "|---|---|", *[f"| {name} | {count} |" for name, count in rows.items()]]
        return dg.MaterializeResult(
            metadata={"snapshot": snapshot_id, "rows": dg.MetadataValue.md("\n".join(lines)), "path": str(folder)}
        )

    return [snapshot]
