"""Companies for actions: an empty one that ends on a day, and the demo company's snapshot in a workspace of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from opsloop.workspace import Workspace


@pytest.fixture
def company(tmp_path: Path) -> Workspace:
    """A company in Shanghai that lives at the end of Sunday, 28 June 2026, the last day of 2026-W26."""
    return Workspace.create(tmp_path / "company", {"as_of": "2026-06-28", "time_zone": "Asia/Shanghai"})


@pytest.fixture
def demo_copy(demo: Workspace, tmp_path: Path) -> Workspace:
    """A workspace that reads the demo company's snapshot and keeps what is written to itself."""
    settings = yaml.safe_load(demo.settings_file.read_text(encoding="utf-8"))
    workspace = Workspace.create(tmp_path / "demo", settings)
    workspace.published.rmdir()
    workspace.published.symlink_to(demo.published)
    return workspace
