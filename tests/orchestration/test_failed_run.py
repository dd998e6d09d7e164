"""A run that failed leaves a note of when, where and why, until one succeeds (O3)."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace
from orchestration import pipeline


class Silent:
    """A progress display that shows nothing."""

    @contextmanager
    def stage(self, name: str) -> Any:
        """Run a stage without a word."""
        yield lambda done, total: None


@pytest.mark.parametrize(
    ("error", "why"), [(OpsloopError("landing/x:\n no room"), "landing/x: no room"), (ValueError("odd"), "ValueError")]
)
def test_a_failure_is_noted_until_a_run_succeeds(
    error: Exception, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O3: the note names the stage; a fault of the program names its kind only, as its text may hold data."""
    workspace = Workspace.create(tmp_path / "ws", {"as_of": "2026-03-15"})

    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pipeline.landing, "land", fails)
    with pytest.raises(type(error)):
        pipeline.run(workspace, Silent(), until="ingest")
    note = json.loads(workspace.failed_run.read_text(encoding="utf-8"))
    assert (note["stage"], note["why"]) == ("ingest", why)
    assert abs(dt.datetime.fromisoformat(note["failed_at"]) - workspace.clock()) < dt.timedelta(minutes=1)
    monkeypatch.undo()
    pipeline.run(workspace, Silent(), until="ingest")
    assert not workspace.failed_run.exists()
