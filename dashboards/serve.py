"""How to start the dashboards: Streamlit on this machine only, its own files under the workspace (O6)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from opsloop.workspace import Workspace

APP = Path(__file__).resolve().parent / "app.py"
HOST = "127.0.0.1"


def command(workspace: Workspace, port: int) -> list[str]:
    """Return the command line that serves a workspace's pages on a port; theme and the rest lie beside the app."""
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(APP),
        f"--server.port={port}",
        f"--server.address={HOST}",
        "--server.headless=true",
        "--browser.gatherUsageStats=false",
        f"--browser.serverAddress={HOST}",
    ]


def environment(workspace: Workspace) -> dict[str, str]:
    """Return the variables the server needs: which workspace, where our code is, and a home inside the workspace."""
    home = workspace.state / "streamlit"
    home.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join(filter(None, [str(APP.parent.parent), os.environ.get("PYTHONPATH")]))
    return {
        **os.environ,
        "OPSLOOP_WORKSPACE": str(workspace.root),
        "PYTHONPATH": path,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
    }
