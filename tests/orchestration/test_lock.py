"""One run at a time on a workspace."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace
from orchestration.lock import run_lock

HOLD = """
import sys
from opsloop.workspace import Workspace
from orchestration.lock import run_lock
with run_lock(Workspace.open(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_with_the_holders_name_until_the_holder_is_gone(tmp_path: Path) -> None:
    """O6: the message names the process, and a killed holder lets go by itself."""
    workspace = Workspace.create(tmp_path / "workspace", {})
    command = [sys.executable, "-c", HOLD, str(workspace.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(OpsloopError, match=f"process {holder.pid} on "), run_lock(workspace):
            pass
        holder.kill()
        holder.wait()
    with run_lock(workspace):
        assert "process" in (workspace.state / "run.lock").read_text(encoding="utf-8")


def test_a_run_that_fails_lets_go(tmp_path: Path) -> None:
    """The lock ends with the block, whatever ends the block."""
    workspace = Workspace.create(tmp_path / "workspace", {})
    with pytest.raises(ValueError, match="boom"), run_lock(workspace):
        raise ValueError("boom")
    with run_lock(workspace):
        assert workspace.state.exists()
