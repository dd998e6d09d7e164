"""How the dashboards' server is started (O6)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from dashboards import serve
from opsloop.workspace import Workspace


def test_the_server_listens_on_this_machine_only_and_sends_no_statistics(workspace: Workspace) -> None:
    """O6: servers listen on 127.0.0.1; telemetry is off."""
    command = serve.command(workspace, 8599)
    assert "--server.address=127.0.0.1" in command
    assert "--server.port=8599" in command
    assert "--browser.gatherUsageStats=false" in command
    assert "--server.headless=true" in command


def test_the_servers_own_files_lie_in_the_workspace(workspace: Workspace) -> None:
    """O6: nothing is written outside the workspace, Streamlit's home included."""
    environment = serve.environment(workspace)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        assert Path(environment[name]).is_relative_to(workspace.root)
    assert environment["OPSLOOP_WORKSPACE"] == str(workspace.root)


def test_the_theme_names_fonts_with_chinese_characters_for_light_and_dark() -> None:
    """U4: 中文 is drawn with a font that has it, in both themes."""
    theme = tomllib.loads((serve.APP.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert "Noto Sans CJK SC" in theme["font"]
    assert {"light", "dark"} <= set(theme)
