"""The line without Dagster: what it leaves out, what it refuses, and what it keeps when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from search_rows import STREAM, drop_search_row

from ingestion import lake
from opsloop.errors import OpsloopError, UsageError
from opsloop.workspace import Workspace
from orchestration import transform
from orchestration.lock import run_lock
from orchestration.pipeline import require_published, run


class Seen:
    """A progress display that remembers the stages."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[int, int], None]]:
        """Remember a stage."""
        self.stages.append(name)
        yield lambda done, total: None


def test_a_run_with_nothing_new_says_so_and_builds_nothing(copied: Workspace) -> None:
    """O2: the second run looks at the drop folder, and that is all."""
    good = require_published(copied)
    written = copied.work_db.stat().st_mtime_ns
    seen = Seen()
    report = run(copied, seen)
    assert (report.nothing_new, report.snapshot_id, seen.stages) == (True, good, ["ingest"])
    assert copied.work_db.stat().st_mtime_ns == written


def test_a_failed_build_leaves_the_last_good_snapshot_and_is_tried_again(
    copied: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O3: what landed before the failure is not forgotten, so the next run builds although nothing new arrives."""
    good = require_published(copied)
    drop_search_row(copied, "jasmine")

    def fail(*_: object, **__: object) -> transform.BuildReport:
        raise OpsloopError("the disk is gone")

    monkeypatch.setattr(transform, "build", fail)
    landed = lake.last_batch(copied) + 1
    for _ in range(2):
        seen = Seen()
        with pytest.raises(OpsloopError, match="the disk is gone"):
            run(copied, seen)
        assert seen.stages == ["ingest", "build"]
        assert require_published(copied) == good
        assert lake.last_batch(copied) == landed


@pytest.mark.usefixtures("without_search")
def test_a_model_that_cannot_be_built_is_named_and_publishes_nothing(copied: Workspace) -> None:
    """O3: the message says which model and why, and that pages go on as they were."""
    good = require_published(copied)
    with pytest.raises(OpsloopError, match=r"last good snapshot stays: fct_search_performance_daily: .*search_perform"):
        run(copied, Seen(), select=["fct_search_performance_daily"])
    assert require_published(copied) == good


def test_a_run_ends_with_the_stage_it_is_told(empty: Workspace) -> None:
    """O2: `--until ingest` fills the lake and touches no warehouse."""
    drop_search_row(empty, "oolong")
    seen = Seen()
    report = run(empty, seen, until="ingest")
    assert seen.stages == list(report.stages) == ["ingest"]
    assert report.landed is not None
    assert report.landed.landed == 1
    assert report.snapshot_id is None
    assert not empty.work_db.exists()


def test_a_selected_stream_is_the_only_one_that_is_read(empty: Workspace) -> None:
    """O2: what is not selected stays in the drop folder for later."""
    drop_search_row(empty, "oolong")
    other = empty.landing / "company" / "targets" / "targets.csv"
    other.parent.mkdir(parents=True)
    other.write_text("month,metric,target\n2026-06-01,revenue_net,1000\n", encoding="utf-8")
    run(empty, Seen(), until="ingest", select=[STREAM])
    assert {f"{batch.source}/{batch.stream}" for batch in lake.batches(empty)} == {STREAM}
    run(empty, Seen(), until="ingest", select=["company"])
    assert {f"{batch.source}/{batch.stream}" for batch in lake.batches(empty)} == {STREAM, "company/targets"}


def test_an_unknown_name_is_wrong_use_and_runs_nothing(empty: Workspace) -> None:
    """O2: a typing mistake does not start a run of everything."""
    seen = Seen()
    with pytest.raises(UsageError, match="'serch_console'"):
        run(empty, seen, select=["serch_console"])
    assert not seen.stages


def test_a_run_on_a_workspace_that_is_being_run_does_nothing(empty: Workspace) -> None:
    """O6: refused before anything is read."""
    drop_search_row(empty, "oolong")
    seen = Seen()
    with run_lock(empty), pytest.raises(OpsloopError, match="is being run by process"):
        run(empty, seen)
    assert not seen.stages
    assert lake.last_batch(empty) == 0
