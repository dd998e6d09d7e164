"""How each of dbt's tests ended when Dagster last ran it, so that a snapshot can say what it was checked by."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from opsloop.workspace import Workspace

ENDED = {"pass": "passed", "success": "passed", "warn": "warned", "fail": "failed", "error": "failed"}


def remember(workspace: Workspace, target: Path) -> None:
    """Add the results that a call of dbt left in its target folder to those known."""
    path = target / "run_results.json"
    if not path.is_file():
        return
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    known = _known(workspace) | {
        result["unique_id"]: ENDED[result["status"]]
        for result in results
        if result["unique_id"].startswith(("test.", "unit_test.")) and result["status"] in ENDED
    }
    _file(workspace).parent.mkdir(exist_ok=True)
    _file(workspace).write_text(json.dumps(known, indent=0), encoding="utf-8")


def count(workspace: Workspace, manifest: dict[str, Any]) -> dict[str, int]:
    """How many of the project's present tests passed, warned and failed when they last ran; nothing if none has."""
    present = manifest["nodes"].keys() | manifest["unit_tests"].keys()
    ended = Counter(status for name, status in _known(workspace).items() if name in present)
    return {status: ended[status] for status in ("passed", "warned", "failed")} if ended else {}


def _file(workspace: Workspace) -> Path:
    return workspace.state / "dbt" / "tests.json"


def _known(workspace: Workspace) -> dict[str, str]:
    path = _file(workspace)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
