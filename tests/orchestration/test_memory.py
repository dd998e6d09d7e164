"""How much memory a build may take (O6)."""

from __future__ import annotations

from pathlib import Path

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
