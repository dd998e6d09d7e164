"""Making the demo company: the same bytes for the same wish, once, and never mixed with another."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.registry import discover
from opsloop.demo import demo_settings, make_demo
from opsloop.demo.company import SOURCES
from opsloop.errors import OpsloopError
from opsloop.workspace import Workspace

SCRIPT = """
import datetime as dt, sys
from opsloop.demo import demo_settings, make_demo
from opsloop.workspace import Workspace
workspace = Workspace.create(sys.argv[1], {**demo_settings(), "as_of": dt.date(2026, 3, 31)})
make_demo(workspace, months=3, events=8_000)
"""


def _bytes(workspace: Workspace) -> dict[str, str]:
    roots = (workspace.landing, workspace.root / "truth")
    files = [file for root in roots for file in sorted(root.rglob("*")) if file.is_file()]
    return {str(file.relative_to(workspace.root)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_another_process_folder_time_zone_and_hash_seed_make_the_same_bytes(brief: Workspace, tmp_path: Path) -> None:
    """A demo is a function of size, days and seed alone (W3 needs it)."""
    surroundings = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "America/New_York", "POLARS_MAX_THREADS": "1"}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "other")]
    subprocess.run(command, check=True, env=surroundings, cwd=Path(__file__).parents[2])
    assert _bytes(Workspace.open(tmp_path / "other")) == _bytes(brief)


def test_another_seed_makes_another_company(
    brief: Workspace, tmp_path: Path, new_company: Callable[..., Workspace]
) -> None:
    """The seed decides who the people are."""
    other = _bytes(new_company(tmp_path / "other", months=3, events=8_000, seed=8))
    same = [name for name, digest in _bytes(brief).items() if other.get(name) == digest]
    assert all("platform_changes" in name or "products" in name or "calendar" in name for name in same), same


def test_every_source_of_the_settings_exports_each_of_its_streams(company: Workspace) -> None:
    """The demo's sources are those that the registry knows; none of their streams stays empty."""
    known = {source.name: source for source in discover()}
    for name in SOURCES:
        for stream in known[name].streams:
            assert any((company.landing / name / stream.name).iterdir()), f"{name}/{stream.name}"


def test_a_second_run_finds_the_company_in_place_and_touches_nothing(brief: Workspace) -> None:
    """Making the same company again is free."""
    before = {file: file.stat().st_mtime_ns for file in brief.landing.rglob("*")}
    told: list[str] = []
    report = make_demo(brief, months=3, events=8_000, progress=told.append)
    assert {file: file.stat().st_mtime_ns for file in brief.landing.rglob("*")} == before
    assert "already there" in told[0]
    assert report.until == dt.date(2026, 3, 31)


def test_a_run_that_was_killed_is_made_anew(
    brief: Workspace, tmp_path: Path, new_company: Callable[..., Workspace]
) -> None:
    """Leftovers of a run that did not end are cleared, and the result equals a run without the accident."""
    workspace = new_company(tmp_path / "killed", months=2, events=5_000)
    manifest = workspace.root / "truth" / "manifest.json"
    known = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**known, "state": "making", "files": []}), encoding="utf-8")
    (workspace.landing / "ga4" / "events" / "events_19990101.parquet").write_bytes(b"half")
    make_demo(workspace, months=3, events=8_000)
    assert _bytes(workspace) == _bytes(brief)


def test_another_company_is_refused_once_rows_have_landed(
    tmp_path: Path, new_company: Callable[..., Workspace]
) -> None:
    """Two companies never share a lake."""
    workspace = new_company(tmp_path / "landed", months=2, events=5_000)
    (workspace.lake / "commit").write_text("something", encoding="utf-8")
    with pytest.raises(OpsloopError, match="holds another demo company"):
        make_demo(workspace, months=3, events=8_000)


def test_exports_that_are_not_the_demos_are_never_taken_away(tmp_path: Path) -> None:
    """A drop folder with somebody's own files is refused."""
    workspace = Workspace.create(tmp_path / "own", demo_settings())
    own = workspace.landing / "shopify" / "orders" / "mine.jsonl"
    own.parent.mkdir(parents=True)
    own.write_text("{}\n", encoding="utf-8")
    with pytest.raises(OpsloopError, match="already holds exports"):
        make_demo(workspace, months=2, events=5_000)
    assert own.exists()


@pytest.mark.parametrize(("months", "events"), [(1, 5_000), (26, 100)])
def test_a_size_that_cannot_be_simulated_is_refused(tmp_path: Path, months: int, events: int) -> None:
    """Too little to be a company is one clear line."""
    workspace = Workspace.create(tmp_path / "tiny", demo_settings())
    with pytest.raises(OpsloopError, match="too few"):
        make_demo(workspace, months=months, events=events)


def test_the_number_of_events_is_near_the_wish(company: Workspace, brief: Workspace) -> None:
    """`--events` is kept within a tenth at different lengths."""
    for workspace, wish in ((company, 20_000), (brief, 8_000)):
        known = json.loads((workspace.root / "truth" / "manifest.json").read_text(encoding="utf-8"))
        assert abs(known["counts"]["events"] / wish - 1) < 0.1
