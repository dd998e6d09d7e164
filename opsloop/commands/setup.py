"""`init`, `demo` and `doctor`: making a workspace and checking that it can work."""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from opsloop.errors import OpsloopError
from opsloop.progress import say
from opsloop.workspace import SETTINGS_FILE, Workspace

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / SETTINGS_FILE


def examples() -> list[str]:
    """Names of the examples that come with the project, and `demo`."""
    found = sorted(path.parent.name for path in EXAMPLES.glob(f"*/{SETTINGS_FILE}"))
    return ["demo", *found]


def init(options: argparse.Namespace) -> int:
    """Make a workspace: its settings file and its folders."""
    root: Path = options.directory
    if (root / SETTINGS_FILE).exists():
        raise OpsloopError(f"{root} is already a workspace: edit {root / SETTINGS_FILE}, or choose another folder")
    if options.example == "demo":
        from opsloop.demo import demo_settings

        workspace = Workspace.create(root, demo_settings())
    else:
        root.mkdir(parents=True, exist_ok=True)
        source = TEMPLATE.parent if options.example is None else EXAMPLES / options.example
        shutil.copytree(source, root, dirs_exist_ok=True)
        workspace = Workspace.open(root)
    say(f"made the workspace {workspace.root}: its settings are in {workspace.settings_file}")
    return 0


def demo(options: argparse.Namespace) -> int:
    """Make the demo company's exports, and the workspace where there is none."""
    from opsloop.demo import demo_settings, make_demo

    root: Path = options.workspace
    if not (root / SETTINGS_FILE).exists():
        settings = demo_settings()
        if options.until is not None:
            settings["as_of"] = options.until
        Workspace.create(root, settings)
    workspace = Workspace.open(root)
    if missing := set(demo_settings()["sources"]) - set(workspace.settings.sources):
        raise OpsloopError(f"{workspace.root} is not the demo company's ({min(missing)} is off): choose another folder")
    say("making the demo company's exports …")
    report = make_demo(
        workspace,
        size=options.size,
        events=options.events,
        months=options.months,
        until=options.until,
        seed=options.seed,
        progress=say,
    )
    say(f"made {report.files} files with {report.events:,} web events in {workspace.landing}")
    return 0


def doctor(options: argparse.Namespace) -> int:
    """Check the machine and the workspace, one line each; status 1 where something must be mended."""
    good = True
    for name, well, advice in _findings(options.workspace):
        print(f"{'ok  ' if well else 'FAIL'}  {name}" + ("" if well else f": {advice}"))
        good = good and well
    return 0 if good else 1


def _findings(root: Path) -> Iterator[tuple[str, bool, str]]:
    version = sys.version_info
    yield f"Python {version.major}.{version.minor}", (3, 11) <= version[:2] < (3, 14), "use Python 3.11 to 3.13"
    for module in (
        "dagster",
        "dbt",
        "duckdb",
        "great_expectations",
        "metricflow",
        "polars",
        "sklearn",
        "streamlit",
        "typst",
    ):
        yield f"package {module}", importlib.util.find_spec(module) is not None, "install with `make install`"
    try:
        workspace = Workspace.open(root)
    except OpsloopError as error:
        yield f"workspace {root}", False, str(error)
        return
    yield f"workspace {workspace.root}", True, ""
    yield from _space(workspace)
    yield from _sources(workspace)
    published = (workspace.published / "current.json").is_file()
    yield "a published snapshot", published, "run `opsloop run`"


def _space(workspace: Workspace) -> Iterator[tuple[str, bool, str]]:
    free = shutil.disk_usage(workspace.root).free / 2**30
    yield f"{free:.0f} GB free on its disk", free > 2, "free at least 2 GB, or move the workspace"


def _sources(workspace: Workspace) -> Iterator[tuple[str, bool, str]]:
    from ingestion.registry import discover

    known = {source.name for source in discover()}
    for name in workspace.settings.sources:
        yield f"source {name}", name in known, "no such source: see `opsloop sources list`"
    if workspace.settings.mappings:
        try:
            yield f"mapped files in {workspace.data_folder()}", True, ""
        except OpsloopError as error:
            yield "mapped files", False, str(error)
