"""What tests of the orchestration share: the demo company's graph, and copies of its workspace to write to."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
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
