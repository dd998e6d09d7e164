"""What tests share: finished workspaces of the demo company and of real data, made once, and the rule on skipping."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from opsloop.workspace import Workspace

ABSENT = "absent data:"
NO_BROWSER = "no browser:"
DEMO_UNTIL = "2026-06-30"


class Quiet:
    """A progress display that shows nothing."""

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[int, int], None]]:
        """Run a stage without a word."""
        yield lambda done, total: None


def finish(workspace: Workspace) -> Workspace:
    """Run the whole line on a workspace."""
    from orchestration.pipeline import run

    run(workspace, Quiet())
    return workspace


@pytest.fixture(scope="session")
def built() -> Callable[[Workspace], Any]:
    """Runs the line on a workspace up to its marts and returns the run's report."""
    from orchestration.pipeline import run

    return lambda workspace: run(workspace, Quiet(), until="build")


@contextmanager
def _made_once(name: str, factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a workspace lies that all processes of a run share; one at a time comes to make it or to find it made.

    It outlives the run where OPSLOOP_TEST_KEEP names a folder.
    """
    of_process = factory.getbasetemp()
    of_run = of_process.parent if "PYTEST_XDIST_WORKER" in os.environ else of_process
    folder = Path(os.environ.get("OPSLOOP_TEST_KEEP", of_run / "workspaces"))
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{name}.lock"):
        yield folder / name


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The small demo company up to a given day, its line finished; nobody writes to it."""
    from opsloop.cli import main

    with _made_once("demo", tmp_path_factory) as root:
        if not (root / "opsloop.yaml").exists():
            assert main(["demo", "--until", DEMO_UNTIL, "--workspace", str(root)]) == 0
        return finish(Workspace.open(root))


def _example(name: str, variable: str, factory: pytest.TempPathFactory) -> Workspace:
    shared = os.environ.get("OPSLOOP_SHARED_DATA")
    if not shared or not (Path(shared) / name).is_dir():
        pytest.skip(f"{ABSENT} OPSLOOP_SHARED_DATA names no folder with {name}")
    os.environ[variable] = str(Path(shared) / name)
    from opsloop.cli import main

    with _made_once(name, factory) as root:
        if not (root / "opsloop.yaml").exists():
            assert main(["init", str(root), "--example", name]) == 0
        return finish(Workspace.open(root))


@pytest.fixture(scope="session")
def olist(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Olist's real data, its line finished; skipped where the data is absent."""
    return _example("olist", "OLIST_DIR", tmp_path_factory)


@pytest.fixture(scope="session")
def completejourney(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Complete Journey's real data, its line finished; skipped where the data is absent."""
    return _example("completejourney", "COMPLETEJOURNEY_DIR", tmp_path_factory)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of other people's data; skipped where it is absent."""
    shared = os.environ.get("OPSLOOP_SHARED_DATA")
    if not shared or not Path(shared).is_dir():
        pytest.skip(f"{ABSENT} OPSLOOP_SHARED_DATA names no folder")
    return Path(shared)


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    """A workspace with the demo company's settings and nothing in it."""
    from opsloop.demo import demo_settings

    return Workspace.create(tmp_path / "workspace", {**demo_settings(), "as_of": DEMO_UNTIL})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """Where everything is meant to run (CI), only absent data may skip a test; any other skip fails."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if ABSENT not in reason:
            report.outcome = "failed"
            report.longrepr = f"skipped where only absent data may skip: {reason}"
    return report
