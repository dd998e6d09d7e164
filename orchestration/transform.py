"""Runs the dbt project on a workspace, in this process, with all of dbt's own files inside the workspace (O6)."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from ingestion import lake
from opsloop.errors import OpsloopError
from opsloop.sections import AttributionSettings
from opsloop.workspace import Workspace

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"

# What is built after scores, which are computed from all the rest.
AFTER_SCORES = "fct_customer_scores+"

# Unit tests try a model on made-up rows: they belong to the project's own tests, not to every company's every run.
BUILD_OPTIONS = ("--exclude-resource-type", "unit_test")

# Rows that a table can be made of in one go, for each gigabyte that the engine may hold.
ROWS_PER_GIGABYTE = 8_000_000

# How often a warehouse that dbt has not let go of is asked for again.
RELEASES = 3

# How far the warehouse is built, and the build under way: whoever begins one says so after `prepare`.
_SLICES = """
create schema if not exists slices;
create schema if not exists arriving;
create table if not exists slices.built (batch bigint, as_of timestamp, made_of varchar);
create table if not exists slices.run (
    step bigint, is_open boolean, since bigint, as_of timestamp, through bigint, until timestamp
);
delete from slices.run where is_open;
"""

_PARSED: dict[tuple[str, ...], Any] = {}


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What dbt did: models built, tests passed, warned and failed, and a line for each that did not pass."""

    built: int = 0
    passed: int = 0
    warned: int = 0
    failed: int = 0
    messages: tuple[str, ...] = ()

    def __add__(self, other: BuildReport) -> BuildReport:
        return BuildReport(
            self.built + other.built,
            self.passed + other.passed,
            self.warned + other.warned,
            self.failed + other.failed,
            self.messages + other.messages,
        )


def variables(workspace: Workspace) -> dict[str, Any]:
    """The workspace's static settings, as dbt's variables."""
    settings = workspace.settings
    return {
        "time_zone": settings.time_zone,
        "currency": settings.currency,
        "week_start": settings.week_start,
        "lookback_days": settings.attribution.lookback_days,
        "attribution": _attribution(settings.attribution),
        "default_attribution_model": settings.attribution.default_model,
        "session_timeout_minutes": settings.session.timeout_minutes,
        "session_max_hours": settings.session.max_hours,
        "session_split_on_campaign": settings.session.split_on_campaign,
        "minimum_sample": settings.minimum_sample,
        "orders_days": settings.windows.orders_days,
        "ads_days": settings.windows.ads_days,
        "horizon_days": settings.scores.horizon_days,
        "scores_purpose": settings.consent.scores_purpose,
        "funnels": [{"name": funnel.name, **funnel.definition.asked()} for funnel in settings.funnels],
    }


def _attribution(settings: AttributionSettings) -> dict[str, Any]:
    """The rules of paths and of rule models, as the macros of attribution take them."""
    rules = settings.model_dump(exclude={"default_model", "markov_order", "position"})
    return {**rules, "position_first": settings.position.first, "position_last": settings.position.last}


def common_arguments(workspace: Workspace) -> list[str]:
    """The options that every call of dbt on this workspace takes."""
    state = workspace.state / "dbt"
    return [
        *("--project-dir", str(PROJECT)),
        *("--profiles-dir", str(PROJECT)),
        *("--target-path", str(state / "target")),
        *("--log-path", str(state / "logs")),
        *("--vars", json.dumps(variables(workspace))),
    ]


def prepare(workspace: Workspace) -> None:
    """Make the lake and the workspace's settings visible in the warehouse, as views."""
    os.environ.update(_environment(workspace))
    with duckdb.connect(str(workspace.work_db)) as connection:
        lake.attach(connection, workspace)
        connection.execute(_SLICES)


def _environment(workspace: Workspace) -> dict[str, str]:
    """The variables that dbt's profile reads."""
    return {
        "OPSLOOP_WORK_DB": str(workspace.work_db),
        "OPSLOOP_MEMORY_LIMIT": workspace.settings.memory_limit,
        "OPSLOOP_ROWS_AT_ONCE": str(rows_at_once(workspace.settings.memory_limit)),
        "DBT_ENGINE_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def rows_at_once(memory_limit: str) -> int:
    """How many rows a table is made of in one go under a limit such as `2GB`; of more it is made in parts."""
    return int(float(memory_limit[:-2]) * ROWS_PER_GIGABYTE / (1 if memory_limit.endswith("GB") else 1000))


def build(
    workspace: Workspace,
    select: Iterable[str] = (),
    exclude: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> BuildReport:
    """Build and test the selected models; an `OpsloopError` names the first that failed."""
    arguments = ["build", *common_arguments(workspace), *BUILD_OPTIONS, "--log-level", "none", "--no-use-colors"]
    # A test that spans two slices runs with the later one.
    arguments += ["--indirect-selection", "buildable", "--no-write-json"]
    for name, values in (("--select", list(select)), ("--exclude", list(exclude))):
        if values:
            arguments += [name, *values]
    return _report(_invoke(arguments, progress, _parsed(workspace)))


def rebuild(workspace: Workspace, select: Iterable[str]) -> BuildReport:
    """Build the selected models whole, without their tests, in the warehouse that the environment names."""
    arguments = ["run", *common_arguments(workspace), "--full-refresh", "--log-level", "none", "--no-use-colors"]
    return _report(_invoke([*arguments, "--select", *select], None, _parsed(workspace)))


def unit_tests(workspace: Workspace) -> BuildReport:
    """Run dbt's unit tests on a warehouse that is built; an `OpsloopError` names the first that failed."""
    arguments = ["test", *common_arguments(workspace), "--resource-type", "unit_test"]
    return _report(_invoke([*arguments, "--log-level", "none", "--no-use-colors"]))


def _parsed(workspace: Workspace) -> Any:
    """The parsed project, which this process keeps from slice to slice until a model, seed or setting changes."""
    made_from = (str(workspace.root), _made_from(workspace))
    if made_from not in _PARSED:
        _PARSED.clear()
        _PARSED[made_from] = _parse(workspace)
    return _PARSED[made_from]


def _parse(workspace: Workspace) -> Any:
    """Parse the project, and note beside the manifest what it was made from."""
    made_from = _made_from(workspace)
    project = _invoke(["parse", *common_arguments(workspace), "--log-level", "none"])
    _note(workspace).write_text(made_from, encoding="utf-8")
    return project


def _invoke(
    arguments: list[str], progress: Callable[[int, int], None] | None = None, project: Any | None = None
) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    def on_event(event: Any) -> None:
        if event.info.name == "LogStartLine" and progress is not None:
            progress(event.data.index, event.data.total)

    try:
        outcome = dbtRunner(manifest=project, callbacks=[on_event]).invoke(arguments)
    finally:
        _let_go(DuckDBConnectionManager)
    if outcome.exception is not None:
        raise OpsloopError(f"dbt could not run: {' '.join(str(outcome.exception).split())}")
    return outcome.result


def _let_go(manager: Any) -> None:
    """Close the warehouse, which dbt keeps open from model to model and would keep after its last one."""
    if manager._ENV is None:
        return
    warehouse = manager._ENV.creds.path
    manager._ENV.close()
    manager.close_all_connections()
    for _ in range(RELEASES):
        try:
            duckdb.connect(warehouse, read_only=True).close()
        except duckdb.ConnectionException:  # a cursor of dbt's still holds it until it is collected
            gc.collect()
        else:
            return


def _report(result: Any) -> BuildReport:
    statuses = [(str(run.status), run.node.resource_type.value, run) for run in result.results]
    bad = [run for status, _, run in statuses if status in {"error", "fail", "warn"}]
    report = BuildReport(
        built=sum(status == "success" and kind in {"model", "seed"} for status, kind, _ in statuses),
        passed=sum(status in {"pass", "success"} and kind in {"test", "unit_test"} for status, kind, _ in statuses),
        warned=sum(status == "warn" for status, _, _ in statuses),
        failed=sum(status in {"error", "fail"} for status, _, _ in statuses),
        messages=tuple(f"{run.node.name}: {' '.join(str(run.message).split())}" for run in bad),
    )
    if report.failed:
        first = next(m for m, run in zip(report.messages, bad, strict=True) if str(run.status) != "warn")
        raise OpsloopError(f"{report.failed} model(s) or test(s) failed, the last good snapshot stays: {first}")
    return report


def manifest(workspace: Workspace) -> Path:
    """The path of the project's manifest for this workspace, parsed anew where models or settings are others."""
    if not _is_parsed(workspace):
        prepare(workspace)
        _parse(workspace)
    return _target(workspace) / "manifest.json"


@contextmanager
def parsing_ahead(workspace: Workspace) -> Iterator[None]:
    """Parse the project in a process of its own while the block runs, where models or settings are others.

    A mistake in the project is left to the build, which finds it again and says it.
    """
    if _is_parsed(workspace):
        yield
        return
    dbt = str(Path(sys.executable).parent / "dbt")
    command = [dbt, "parse", *common_arguments(workspace), "--log-level", "none"]
    environment = {**os.environ, **_environment(workspace)}
    made_from = _made_from(workspace)
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as parsing:
        try:
            yield
        except BaseException:
            parsing.kill()
            raise
    if parsing.returncode == 0:
        _note(workspace).write_text(made_from, encoding="utf-8")


def _target(workspace: Workspace) -> Path:
    return workspace.state / "dbt" / "target"


def _note(workspace: Workspace) -> Path:
    return _target(workspace) / "made_from"


def _is_parsed(workspace: Workspace) -> bool:
    """Whether the manifest was made from the project and the settings as they are."""
    note = _note(workspace)
    has_manifest = (_target(workspace) / "manifest.json").is_file()
    return has_manifest and note.is_file() and note.read_text(encoding="utf-8") == _made_from(workspace)


def _made_from(workspace: Workspace) -> str:
    """A checksum over what a manifest is made from: models, seeds, descriptions and the workspace's variables."""
    return checksum(PROJECT, ["."], {".sql", ".yml", ".csv", ".md"}, json.dumps(variables(workspace)))


def checksum(root: Path, folders: Iterable[str], suffixes: Set[str], start: str = "") -> str:
    """A SHA-256 over the names and contents of the files in these folders that have one of the suffixes."""
    digest = hashlib.sha256(start.encode())
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in suffixes and "target" not in path.parts:
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def project_checksum() -> str:
    """A checksum over every Python, SQL, YAML and CSV file that a build depends on."""
    folders = ("opsloop", "ingestion", "models_ml", "orchestration", "dashboards", "dbt_project")
    return checksum(PROJECT.parent, folders, {".py", ".sql", ".yml", ".yaml", ".csv", ".typ", ".html"})
