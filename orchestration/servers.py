"""Starts, watches and stops the two servers: the dashboards and Dagster's UI, both on 127.0.0.1."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace
from orchestration.lock import NICENESS

HOST = "127.0.0.1"
PATIENCE_SECONDS = 180.0
STOPPING_SECONDS = 5.0


@dataclass(slots=True)
class Server:
    """One server: how it is started, where it answers, and what its process is."""

    title: str
    address: str
    health: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    probe: Callable[[], Iterator[str]]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process in a group of its own, its output in a log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def is_dead(self) -> bool:
        """Whether the process has ended."""
        return self.process is not None and self.process.poll() is not None

    def wait_until_healthy(self) -> None:
        """Return once the server answers; an `OpsloopError` names its log where it does not."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if self.is_dead():
                break
            with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(self.health, timeout=5):
                return
            time.sleep(0.3)
        raise OpsloopError(f"{self.title} does not answer at {self.address}: see {self.log}")

    def signal(self, number: int) -> None:
        """Send a signal to the process and whatever it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def wait_until_dead(self, seconds: float) -> None:
        """Return once the process has ended, or after so many seconds."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)


def dashboards(workspace: Workspace, port: int) -> Server:
    """The dashboards' server."""
    from dashboards.probe import pages
    from dashboards.serve import command
    from dashboards.serve import environment as variables

    _require_free(port, "--port")
    address = f"http://{HOST}:{port}"
    return Server(
        title="Dashboards",
        address=address,
        health=f"{address}/_stcore/health",
        command=command(workspace, port),
        environment=variables(workspace),
        log=workspace.state / "dashboards.log",
        probe=lambda: pages(address),
    )


def dagster(workspace: Workspace, port: int) -> Server:
    """Dagster's UI with its daemon, which runs schedules and sensors; all of it stands back for the dashboards."""
    from orchestration.instance import environment, probe

    _require_free(port, "--dagster-port")
    address = f"http://{HOST}:{port}"
    program = shutil.which("dagster", path=str(Path(sys.executable).parent)) or "dagster"
    return Server(
        title="Dagster",
        address=address,
        health=f"{address}/server_info",
        command=[
            "nice",
            "-n",
            str(NICENESS),
            program,
            "dev",
            "-m",
            "orchestration.definitions",
            "-h",
            HOST,
            "-p",
            str(port),
        ],
        environment=environment(workspace),
        log=workspace.state / "dagster.log",
        probe=lambda: probe(address),
    )


def _require_free(port: int, option: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise OpsloopError(f"port {port} is in use: choose another with {option}") from None


@contextlib.contextmanager
def running(servers: Sequence[Server]) -> Iterator[Sequence[Server]]:
    """Start the servers, and stop them all at the end, whatever happens; a request to end counts as Ctrl-C."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGTERM, interrupt)
    try:
        for server in servers:
            server.start()
        yield servers
    finally:
        _stop(servers)
        signal.signal(signal.SIGTERM, previous)


def _stop(servers: Sequence[Server]) -> None:
    """End all servers and their children within seconds; an impatient second Ctrl-C changes nothing."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    handlers = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    deadline = time.monotonic() + STOPPING_SECONDS
    for server in servers:
        server.signal(signal.SIGINT)
    for server in servers:
        server.wait_until_dead(max(0.0, deadline - time.monotonic()))
        server.signal(signal.SIGKILL)
        server.wait_until_dead(STOPPING_SECONDS)
        server.process = None
    for number, handler in zip(numbers, handlers, strict=True):
        signal.signal(number, handler)


def wait(servers: Sequence[Server]) -> Server:
    """Wait until one of the servers ends, and return that one."""
    while True:
        for server in servers:
            if server.is_dead():
                return server
        time.sleep(1)
