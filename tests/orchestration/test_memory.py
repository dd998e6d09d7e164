"""How much memory a build may take (O6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsloop.workspace import Workspace
from orchestration import transform


def test_the_engine_builds_within_the_memory_that_the_workspace_gives_it(tmp_path: Path) -> None:
    """A build of many events spills to disk beside the warehouse rather than take the whole machine."""
    settings = {"company": {"name": "Small", "name_zh": "小"}, "sources": [], "memory_limit": "512MB"}
    workspace = Workspace.create(tmp_path / "ws", settings)
    transform.prepare(workspace)
    asked = ["show", "--inline", "select current_setting('memory_limit') as given", "--quiet"]
    result = transform._invoke([*asked, *transform.common_arguments(workspace)])
    assert [row["given"] for row in result.results[0].agate_table] == ["488.2 MiB"]


@pytest.mark.parametrize(("limit", "rows"), [("2GB", 16_000_000), ("1.5GB", 12_000_000), ("500MB", 4_000_000)])
def test_less_memory_makes_tables_of_fewer_rows_at_once(limit: str, rows: int) -> None:
    """O6: what an engine cannot put aside grows with the rows that it works on."""
    assert transform.rows_at_once(limit) == rows
