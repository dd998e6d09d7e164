"""Servers: each answers or says where to look, and none is left behind."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace
from orchestration import instance, servers
from orchestration.lock import NICENESS

# A server whose child ignores Ctrl-C, as those of Dagster may.
STUBBORN = """
import subprocess, sys, time
deaf = "import signal, time; signal.signal(2, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


def _server(folder: Path, code: str) -> servers.Server:
    return servers.Server(
        title="Teapot",
        address="http://127.0.0.1:9",
        health="http://127.0.0.1:9/health",
        command=[sys.executable, "-c", code],
        environment={},
        log=folder / "teapot.log",
        probe=lambda: iter(()),
    )


def _wait_for(path: Path) -> str:
    for _ in range(200):
        if path.is_file() and (text := path.read_text(encoding="utf-8")):
            return text
        time.sleep(0.05)
    raise AssertionError(f"{path} stays empty")


def _is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"


def test_a_stopped_server_takes_its_children_along(tmp_path: Path) -> None:
    """A port held by a forgotten child would refuse the next start."""
    with servers.running([_server(tmp_path, STUBBORN)]):
        child = int(_wait_for(tmp_path / "teapot.log"))
        assert _is_alive(child)
    for _ in range(40):
        if not _is_alive(child):
            break
        time.sleep(0.05)
    assert not _is_alive(child)


def test_a_request_to_end_stops_the_servers_as_ctrl_c_does(tmp_path: Path) -> None:
    """Service managers send SIGTERM; what was there for it before is there again after."""
    server = _server(tmp_path, "import time; time.sleep(60)")
    before = signal.getsignal(signal.SIGTERM)
    started: list[int] = []

    def serve_until_told() -> None:
        with servers.running([server]):
            assert server.process is not None
            started.append(server.process.pid)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        serve_until_told()
    assert not _is_alive(started[0])
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_server_that_ends_at_once_is_named_with_its_log(tmp_path: Path) -> None:
    """The reason stands in the log, so the message says where that is."""
    with (
        servers.running([_server(tmp_path, "raise SystemExit('cracked')")]) as (server,),
        pytest.raises(OpsloopError, match=r"Teapot does not answer at .*teapot\.log"),
    ):
        server.wait_until_healthy()
    assert "cracked" in (tmp_path / "teapot.log").read_text(encoding="utf-8")


def test_a_port_in_use_is_one_line_that_names_the_option(empty: Workspace) -> None:
    """Nothing is started that could not be reached."""
    with socket.socket() as taken:
        taken.bind((servers.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        for start, option in ((servers.dashboards, "--port"), (servers.dagster, "--dagster-port")):
            with pytest.raises(OpsloopError, match=f"port {port} is in use: choose another with {option}$"):
                start(empty, port)


def test_dagsters_home_is_in_the_workspace_and_tells_nobody(empty: Workspace) -> None:
    """O6: two workspaces run side by side; telemetry is off in the instance and in the environment."""
    found = instance.environment(empty)
    home = Path(found["DAGSTER_HOME"])
    assert home.is_relative_to(empty.root)
    assert Path(found["OPSLOOP_WORK_DB"]) == empty.work_db
    assert found["DAGSTER_DISABLE_TELEMETRY"] == "1"
    assert "telemetry:\n  enabled: false" in (home / "dagster.yaml").read_text(encoding="utf-8")


def test_dagster_and_its_runs_stand_back_for_the_dashboards(empty: Workspace) -> None:
    """U5: whatever a run takes, pages have their part of the machine first."""
    assert servers.dagster(empty, 0).command[:3] == ["nice", "-n", str(NICENESS)]
    assert "nice" not in servers.dashboards(empty, 0).command
