"""One run at a time on a workspace (O6): the second one is refused with the holder's name."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

# How far runs stand back for whoever reads pages (U5).
NICENESS = 10


@contextmanager
def run_lock(workspace: Workspace) -> Iterator[None]:
    """Hold the workspace for this process; an `OpsloopError` names who holds it already. A killed holder lets go."""
    path = workspace.state / "run.lock"
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            holder = handle.read().strip() or "another process"
            raise OpsloopError(f"{workspace.root} is being run by {holder}: wait for it to end, or stop it") from None
        handle.truncate(0)
        handle.write(f"process {os.getpid()} on {socket.gethostname()} since {workspace.clock():%Y-%m-%d %H:%M:%S} UTC")
        handle.flush()
        try:
            yield
        finally:
            handle.truncate(0)
