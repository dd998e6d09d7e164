"""Dagster's instance for a workspace: all its files under the workspace, no telemetry (O6)."""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent

INSTANCE = """telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  pools:
    default_limit: 1
  runs:
    max_concurrent_runs: 1
"""


def home(workspace: Workspace) -> Path:
    """The folder of Dagster's own files, made where it is missing."""
    folder = workspace.state / "dagster"
    folder.mkdir(exist_ok=True)
    (folder / "dagster.yaml").write_text(INSTANCE, encoding="utf-8")
    return folder


def environment(workspace: Workspace) -> dict[str, str]:
    """The variables with which every process of Dagster starts."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {
        "OPSLOOP_WORKSPACE": str(workspace.root),
        "OPSLOOP_WORK_DB": str(workspace.work_db),
        "DAGSTER_HOME": str(home(workspace)),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "DBT_ENGINE_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "PATH": path,
    }


def probe(address: str) -> Iterator[str]:
    """Ask a running Dagster for its graph; an `OpsloopError` where it could not load it."""
    query = {"query": "{ assetNodes { id } repositoriesOrError { __typename } }"}
    request = urllib.request.Request(
        f"{address}/graphql", json.dumps(query).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as reply:
        data = json.load(reply)["data"]
    if not data["assetNodes"]:
        raise OpsloopError(f"Dagster at {address} has no assets: its definitions did not load, see its log")
    yield f"Dagster's UI with {len(data['assetNodes'])} assets"
