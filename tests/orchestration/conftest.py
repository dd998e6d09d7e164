"""What tests of the orchestration share: the demo company's graph, and copies of its workspace to write to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from opsloop.workspace import Workspace
from orchestration import transform


@pytest.fixture(scope="session")
def manifest(demo: Workspace) -> dict[str, Any]:
    """What dbt says of its own project."""
    found: dict[str, Any] = json.loads(transform.manifest(demo).read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def definitions(demo: Workspace) -> dg.Definitions:
    """The whole graph of the demo company."""
    from orchestration.definitions import build_defs

    return build_defs(demo)


@pytest.fixture
def copied(demo: Workspace, tmp_path: Path) -> Workspace:
    """The demo company's finished workspace, to be changed."""
    root = tmp_path / "copied"
    shutil.copytree(demo.root, root, ignore=shutil.ignore_patterns("truth", "packs"))
    return Workspace.open(root)


@pytest.fixture
def without_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is built finds no landed Search Console data, not even an empty table."""
    prepare = transform.prepare

    def prepare_less(workspace: Workspace) -> None:
        prepare(workspace)
        with duckdb.connect(str(workspace.work_db)) as connection:
            connection.execute("drop view landing_search_console.search_performance")

    monkeypatch.setattr(transform, "prepare", prepare_less)
