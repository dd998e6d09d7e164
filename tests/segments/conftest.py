"""A workspace without anything in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsloop.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace."""
    return Workspace.create(tmp_path / "ws", {"as_of": "2026-04-30", "currency": "CNY"})
