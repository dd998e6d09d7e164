"""The whole line as five stages, without Dagster: ingest, build, score, publish, pack (O2)."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal, Protocol

from ingestion import expectations, lake, landing
from ingestion.report import LandReport
from opsloop.errors import OpsloopError, UsageError
from opsloop.workspace import Workspace
from orchestration import increment, transform
from orchestration import publish as publishing
from orchestration.lock import run_lock

# Takes how many of how many steps are done.
Tick = Callable[[int, int], None]
Stage = Literal["ingest", "build", "score", "publish", "pack"]
LANGUAGES = ("en", "zh")
STAGES: tuple[Stage, ...] = ("ingest", "build", "score", "publish", "pack")


class Progress(Protocol):
    """Where a run says what it is doing."""

    def stage(self, name: Stage) -> AbstractContextManager[Tick]:
        """Open a stage; the callable takes how many of how many steps are done."""


@dataclass(slots=True)
class RunReport:
    """What a run did, stage by stage."""

    stages: dict[Stage, float] = field(default_factory=dict)
    landed: LandReport | None = None
    build: transform.BuildReport = field(default_factory=transform.BuildReport)
    scores: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    snapshot_id: str | None = None
    packs: list[Path] = field(default_factory=list)
    nothing_new: bool = False

    @property
    def exit_status(self) -> int:
        """0 done, 3 done but something was quarantined or refused or a check warned."""
        landed = self.landed
        aside = landed is not None and (landed.quarantined > 0 or landed.refused_files > 0)
        return 3 if aside or self.build.warned or self.warnings else 0


def run(
    workspace: Workspace,
    progress: Progress,
    until: Stage = "pack",
    select: Sequence[str] = (),
    full_refresh: bool = False,
) -> RunReport:
    """Run the stages up to one; only one run at a time holds a workspace, and one with nothing new does nothing."""
    streams, models = _split(select)
    report = RunReport()
    wanted = STAGES[: STAGES.index(until) + 1]
    with run_lock(workspace), _failure_noted(workspace, wanted, report):
        if models:
            _stage(report, progress, "build", partial(_build_selected, workspace, report, models))
            return report
        with transform.parsing_ahead(workspace) if wanted[1:] else nullcontext():
            _stage(report, progress, "ingest", partial(_ingest, workspace, report, streams))
        if full_refresh:
            increment.forget(workspace)
        elif _is_up_to_date(workspace, until):
            report.nothing_new = True
            report.snapshot_id = _remembered(workspace).get("snapshot_id")
            return report
        build, later = wanted[1:2], wanted[2:]
        with _validating(workspace, report):
            for name in build:
                _stage(report, progress, name, partial(_STEPS[name], workspace, report))
        for name in later:
            _stage(report, progress, name, partial(_STEPS[name], workspace, report))
        _remember(workspace, until, report)
    return report


@contextmanager
def _failure_noted(workspace: Workspace, wanted: Sequence[Stage], report: RunReport) -> Iterator[None]:
    """Keep when, where and why a run failed until one succeeds, so that pages can say so (O3)."""
    try:
        yield
    except Exception as error:
        stage = next((name for name in wanted if name not in report.stages), wanted[-1])
        why = " ".join(str(error).split()) if isinstance(error, OpsloopError) else type(error).__name__
        note = {"failed_at": workspace.clock().isoformat(), "stage": stage, "why": why[:400]}
        workspace.failed_run.write_text(json.dumps(note), encoding="utf-8")
        raise
    workspace.failed_run.unlink(missing_ok=True)


def _stage(report: RunReport, progress: Progress, name: Stage, work: Callable[[Tick], None]) -> None:
    started = time.perf_counter()
    with progress.stage(name) as tick:
        work(tick)
    report.stages[name] = time.perf_counter() - started


def _split(select: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names of sources and streams apart from names of models; an unknown name is a `UsageError`."""
    from ingestion.registry import discover

    known = {source.name for source in discover()}
    known |= {f"{source.name}/{stream.name}" for source in discover() for stream in source.streams}
    models = {path.stem for path in transform.PROJECT.glob("models/**/*.sql")}
    unknown = [name for name in select if name not in known | models]
    if unknown:
        raise UsageError(f"no source, stream or model is called {unknown[0]!r}: see `opsloop sources list`")
    return [name for name in select if name in known], [name for name in select if name not in known]


def _ingest(workspace: Workspace, report: RunReport, streams: list[str], tick: Tick) -> None:
    if workspace.settings.mappings:
        workspace.data_folder()  # a folder that is not there is said once, before anything is rebuilt without it
    report.landed = landing.land(workspace, select=streams or None, progress=tick)


@contextmanager
def _validating(workspace: Workspace, report: RunReport) -> Iterator[None]:
    """Check what has landed in a process of its own while the block runs; what did not hold is a warning."""
    if report.landed is None or not report.landed.changed:
        yield
        return
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        checked = pool.submit(expectations.validate, workspace, report.landed.changed_streams)
        yield
        failed = [result for result in checked.result() if not result.success]
    report.warnings += [f"{r.source}/{r.stream}: {r.expectation} did not hold" for r in failed]


def _build(workspace: Workspace, report: RunReport, tick: Tick) -> None:
    for name, step in increment.STEPS.items():
        with increment.step(workspace, name):
            report.build += transform.build(workspace, step.select, step.exclude, progress=tick)
        step.then(workspace)


def _build_selected(workspace: Workspace, report: RunReport, models: Sequence[str], tick: Tick) -> None:
    increment.forget(workspace)
    report.build += transform.build(workspace, models, progress=tick)


def _score(workspace: Workspace, report: RunReport, tick: Tick) -> None:
    from models_ml import scoring

    outcome = scoring.train_and_score(workspace)
    report.scores = list(outcome.messages)
    transform.prepare(workspace)
    report.build += transform.build(workspace, [transform.AFTER_SCORES], progress=tick)


def _publish(workspace: Workspace, report: RunReport, tick: Tick) -> None:
    from dashboards.segments.members import remember_sizes

    checks = {"passed": report.build.passed, "warned": report.build.warned, "failed": report.build.failed}
    report.snapshot_id = publishing.publish(workspace, checks)
    report.warnings += remember_sizes(workspace, report.snapshot_id)
    tick(1, 1)


def _pack(workspace: Workspace, report: RunReport, tick: Tick) -> None:
    from dashboards.packs import make_pack

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        made = [pool.submit(make_pack, workspace, None, lang, None) for lang in LANGUAGES]
        for number, pack in enumerate(made, start=1):
            report.packs.append(pack.result())
            tick(number, len(LANGUAGES))


_STEPS: dict[Stage, Callable[[Workspace, RunReport, Tick], None]] = {
    "build": _build,
    "score": _score,
    "publish": _publish,
    "pack": _pack,
}


def _fingerprint(workspace: Workspace) -> str:
    """What decides a build's result: landed batches, settings, models and code, and the day it is made for."""
    parts = [
        str(lake.last_batch(workspace)),
        workspace.settings.model_dump_json(),
        transform.project_checksum(),
        workspace.as_of_date.isoformat(),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _memory(workspace: Workspace) -> Path:
    return workspace.state / "last_run.json"


def _remembered(workspace: Workspace) -> dict[str, Any]:
    path = _memory(workspace)
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _is_up_to_date(workspace: Workspace, until: Stage) -> bool:
    known = _remembered(workspace)
    reached = known.get("until") in STAGES and STAGES.index(known["until"]) >= STAGES.index(until)
    return reached and known.get("fingerprint") == _fingerprint(workspace)


def _remember(workspace: Workspace, until: Stage, report: RunReport) -> None:
    if until == "ingest":
        return
    known = {"fingerprint": _fingerprint(workspace), "until": until, "snapshot_id": report.snapshot_id}
    _memory(workspace).write_text(json.dumps(known), encoding="utf-8")


def require_published(workspace: Workspace) -> str:
    """The id of the snapshot that pages read; an `OpsloopError` where none is published."""
    from dashboards.metrics_layer.snapshot import Snapshot

    return Snapshot.find(workspace).id
