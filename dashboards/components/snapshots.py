"""The published snapshot that pages read: found by its pointer, opened once, kept until the pointer moves (U5)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from dashboards.components.facts import Facts
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

if TYPE_CHECKING:
    from dashboards.metrics import Metrics

POINTER_SECONDS = 5


class NothingPublishedError(OpsloopError):
    """There is no snapshot yet, which is no fault."""


def open_workspace() -> Workspace:
    """Open the workspace that `OPSLOOP_WORKSPACE` names, by default `data/`; its settings as of seconds ago."""
    return _workspace_at(os.environ.get("OPSLOOP_WORKSPACE", "data"))


@st.cache_resource(ttl=POINTER_SECONDS, show_spinner=False)
def _workspace_at(path: str) -> Workspace:
    return Workspace.open(Path(path))


@st.cache_data(ttl=POINTER_SECONDS, show_spinner=False)
def current_snapshot(published: Path) -> str | None:
    """Return the id of the snapshot that the pointer names, looked up at most every few seconds; nothing without one.

    An `OpsloopError` tells a pointer that cannot be read from one that is not there.
    """
    pointer = published / "current.json"
    if not pointer.exists():
        return None
    try:
        return str(json.loads(pointer.read_text(encoding="utf-8"))["snapshot_id"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OpsloopError(f"{pointer}: not readable: {' '.join(str(error).split())}") from None


@st.cache_resource(max_entries=2, show_spinner=False)
def open_metrics(_workspace: Workspace, root: str, snapshot: str) -> tuple[Metrics, Facts]:
    """Open the metrics layer of one snapshot; all readers of a process share it."""
    from dashboards.metrics import Metrics

    metrics = Metrics.open(_workspace, snapshot)
    return metrics, Facts(metrics)


def current_metrics(workspace: Workspace) -> tuple[Metrics, Facts]:
    """Return the metrics of the current snapshot; an `OpsloopError` says that nothing is published."""
    snapshot = current_snapshot(workspace.published)
    if snapshot is None:
        raise NothingPublishedError(f"{workspace.published}: nothing published yet: run `opsloop run`")
    return open_metrics(workspace, str(workspace.root), snapshot)
